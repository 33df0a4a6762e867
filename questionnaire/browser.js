/* What only the browser can do: keep the answers on the user's own device, and start each step where it should start.

   Kept where                 for how long            what
   session storage  OWN       as long as this tab     the answers of this tab, for a refresh or a restarted server
   session storage  SLOT      as long as this tab     the name under which this tab's answers are kept on the device
   local storage    KEPT+slot until it is forgotten   the answers of one tab, and the step at which it was
   local storage    OFF       until it is changed     that nothing is to be kept after a tab is closed

   The server says what to keep with every run; what is typed or clicked meanwhile is put on top of it at once. */
const OWN = 'mcm-assessment', SLOT = 'mcm-slot', KEPT = 'mcm-kept.', OFF = 'mcm-keeping-off';
const page = (window.__mcm ??= {
  step: null, target: null, asked: null, slot: null, settling: Promise.resolve(), release: null, done: new Set(), pending: new Map(),
  data: null, base: null, forgotten: null, opened: false, listening: false, reviewing: null,
});

/* ------------------------------------------------------------------------------------------------ storage */
/* A browser may forbid storage, or have no more room: then this is false, and the page says so. */
function attempt(action) {
  try {
    action();
    return true;
  } catch (error) {
    return false;
  }
}

function read(storage, name) {
  let found = null;
  attempt(() => { found = window[storage].getItem(name); });
  return found;
}

function put(storage, name, text) {
  return attempt(() => {
    if (text === null) window[storage].removeItem(name);
    else if (window[storage].getItem(name) !== text) window[storage].setItem(name, text);
  });
}

function names(storage, beginning) {
  const found = [];
  attempt(() => { found.push(...Object.keys(window[storage]).filter((each) => each.startsWith(beginning))); });
  return found;
}

const keeping = () => read('localStorage', OFF) === null;
const newName = () => Math.random().toString(36).slice(2, 10) + Date.now().toString(36);

/* ------------------------------------------------------------------------------------------------ slots */
/* Two tabs never share a slot. A tab that was duplicated finds its slot held by the other one and takes a new one. */
function hold(slot) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(KEPT + slot, { signal: AbortSignal.timeout(1000) }, () => {
      resolve(true);
      return new Promise((release) => { page.release = release; });
    }).catch(() => resolve(false));
  });
}

function settle(wanted) {
  page.slot = null; /* until it is settled, nothing is written to any slot */
  page.settling = page.settling.then(async () => {
    page.release?.();
    page.release = null;
    let slot = wanted;
    if (!(await hold(slot))) {
      slot = newName();
      await hold(slot);
    }
    page.slot = slot;
    put('sessionStorage', SLOT, slot);
    store();
  });
}

function unpack(kept) {
  try {
    const { step, assessment } = JSON.parse(kept);
    if (typeof assessment === 'string') return { step: String(step ?? ''), assessment };
  } catch (error) {
    /* Then it is handed on as it is, and refused with what is wrong. */
  }
  return { step: '', assessment: kept };
}

function about(slot, held) {
  const said = { slot, name: '', saved_at: '', open: held.includes(KEPT + slot) };
  attempt(() => {
    const { service_name, saved_at } = JSON.parse(unpack(read('localStorage', KEPT + slot)).assessment);
    if (typeof service_name === 'string') said.name = service_name.slice(0, 200);
    if (typeof saved_at === 'string') said.saved_at = saved_at.slice(0, 40);
  });
  return said;
}

async function slots() {
  const held = ((await navigator.locks?.query())?.held ?? []).map((each) => each.name);
  const own = page.slot ?? read('sessionStorage', SLOT);
  return names('localStorage', KEPT).map((each) => each.slice(KEPT.length)).filter((each) => each !== own).map((each) => about(each, held));
}

async function tell(said) {
  const found = { at: newName(), slots: await slots(), keeping: keeping(), own: null, fetched: null, forgotten: page.forgotten, ...said };
  page.set('found', found);
}

/* ------------------------------------------------------------------------------------------------ keeping */
function place(content, path, value) {
  let at = content;
  for (const step of path.slice(0, -1)) at = at[step] ??= path[0] === 'answers' ? { grade: '', note: '' } : {};
  at[path.at(-1)] = value;
}

const at = (content, path) => path.reduce((found, step) => found?.[step], content) ?? '';

/* What the server knows, with what it does not know yet on top. */
function latest() {
  if (!page.pending.size) return page.base;
  const content = JSON.parse(page.base);
  for (const { path, value } of page.pending.values()) {
    const shown = value();
    if (shown !== '' || path[0] !== 'profile') place(content, path, shown); /* a fact is given or not there; it is never empty */
  }
  return `${JSON.stringify(content, null, 2)}\n`;
}

/* What the server knows by now, and what it was told long ago and sees otherwise, is pending no more. */
function review() {
  if (!page.pending.size) return;
  const content = JSON.parse(page.data.assessment);
  for (const [name, { path, value, shown, since }] of page.pending) {
    if (!shown.isConnected || !(name in page.data.fields) || at(content, path) === value() || Date.now() - since > 5000) page.pending.delete(name);
  }
  window.clearTimeout(page.reviewing);
  if (page.pending.size) page.reviewing = window.setTimeout(() => { review(); store(); }, 1000);
}

function store() {
  const data = page.data;
  if (!data || page.base === null || page.forgotten !== data.forgotten) return;
  if (data.changes === 0 && !page.pending.size) return;
  const text = data.empty && !page.pending.size ? null : latest();
  const tab = put('sessionStorage', OWN, text);
  const lasting = text !== null && keeping() && data.lasting;
  const device = page.slot === null || put('localStorage', KEPT + page.slot, lasting ? JSON.stringify({ step: data.step, assessment: text }) : null);
  say(text, tab, device, lasting);
}

function say(text, tab, device, lasting) {
  const now = new Date().toLocaleTimeString('en-AU', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  let said = '';
  if (text === null) said = '';
  else if (!tab || !device) said = '⚠ This browser does not let your answers be kept. Save them as a file before you leave: on the scorecard page, under “Take it with you”.';
  else if (lasting) said = `✓ Your answers are kept in this browser. Last at ${now}.`;
  else said = '✓ Your answers are kept in this tab, until you close it.';
  if (page.line) {
    page.line.textContent = page.data.visible ? said : '';
    page.line.hidden = !page.line.textContent;
  }
}

function keep(data) {
  page.data = data;
  review();
  const stored = read('sessionStorage', OWN);
  page.base = data.changes > 0 || stored === null ? data.assessment : null;
  store();
  if (page.asked === data.session) return;
  page.asked = data.session;
  if (data.changes === 0 && stored !== null) tell({ own: stored });
  else if (!keeping() || names('localStorage', KEPT).some((each) => each !== KEPT + read('sessionStorage', SLOT))) tell({});
}

/* What the page asks for, each once: to bring what is kept, to take a slot over, to leave it, to forget. */
const ORDERS = {
  fetch: ({ slot }) => tell({ fetched: { slot, ...unpack(read('localStorage', KEPT + slot) ?? '') } }),
  adopt: ({ slot }) => settle(slot),
  leave: () => { settle(newName()); page.settling.then(() => tell({})); },
  remove: ({ slot }) => put('localStorage', KEPT + slot, null),
  keeping: ({ on }) => { put('localStorage', OFF, on ? null : 'off'); store(); },
  forget: () => {
    for (const each of names('localStorage', KEPT)) put('localStorage', each, null);
    put('sessionStorage', OWN, null);
    page.pending.clear();
    page.channel?.postMessage('forget');
  },
};

function obey(data) {
  for (const order of data.orders) {
    if (page.done.has(order.turn)) continue;
    page.done.add(order.turn);
    ORDERS[order.order](order);
  }
}

/* What another tab forgot, this one forgets too, and it keeps nothing until its page knows. */
function hear() {
  if (page.channel || !window.BroadcastChannel) return;
  page.channel = new BroadcastChannel('mcm');
  page.channel.onmessage = () => {
    page.forgotten = newName();
    page.pending.clear();
    put('sessionStorage', OWN, null);
    if (page.slot) put('localStorage', KEPT + page.slot, null);
    tell({});
  };
}

/* ------------------------------------------------------------------------------------------------ what is typed and clicked */
const TYPED = '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input';

/* The field of the assessment that a widget shows: where it is, and the values of its choices. */
function fieldOf(element) {
  const box = element.closest?.('[class*="st-key-"]');
  const name = box && [...box.classList].find((each) => each.startsWith('st-key-'))?.slice('st-key-'.length);
  return name && page.data && Object.hasOwn(page.data.fields, name) ? [name, page.data.fields[name]] : [null, null];
}

function note(element, read) {
  const [name, field] = fieldOf(element);
  if (!field || page.base === null) return;
  page.pending.set(name, { path: field.path, value: () => read(field), shown: element, since: Date.now() });
  store();
}

/* It is kept as it is typed, and counts on the page a moment after the typing stops, not only when the field is left. */
function listen() {
  if (page.listening) return;
  page.listening = true;
  let timer;
  document.addEventListener('input', (event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement) || !field.matches(TYPED)) return;
    note(field, () => field.value.replace(new RegExp(page.data.not_text, 'gu'), ''));
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!field.isConnected) return;
      const enter = { key: 'Enter', code: 'Enter', keyCode: 13, which: 13, bubbles: true, cancelable: true, ctrlKey: field.tagName === 'TEXTAREA' };
      field.dispatchEvent(new KeyboardEvent('keydown', enter));
    }, 600);
  });
  document.addEventListener('change', (event) => {
    const field = event.target;
    const group = field instanceof HTMLInputElement && field.type === 'radio' ? field.closest('[role="radiogroup"]') : null;
    if (group) note(group, ({ values }) => values?.[Number(group.querySelector('input:checked')?.value)] ?? '');
  });
}

/* A server that was restarted knows nothing of this tab. Nothing runs there until the next click, and what that click
   says would be lost: so bring the answers as soon as the connection is back. */
function watch() {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || page.watched === app) return;
  page.watched = app;
  let lost = false;
  new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === 'CONNECTED';
    if (connected && lost) {
      const stored = read('sessionStorage', OWN);
      if (stored) tell({ own: stored });
    }
    lost = !connected;
  }).observe(app, { attributes: true, attributeFilter: ['data-test-connection-state'] });
}

/* ------------------------------------------------------------------------------------------------ what is read out with a field */
/* Streamlit draws a question, its help and its error side by side, and ties none of them together. */
const CONTROL = '[role="radiogroup"], textarea, input:not([type="file"]), button:not([data-testid="stBaseButton-minimal"])';
const SAID = ':scope > [data-testid="stMarkdown"], :scope > [data-testid="stAlert"], :scope > [data-testid="stText"]';

function attribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function tie() {
  for (const [name, { needed, wrong }] of Object.entries(page.tied ?? {})) {
    const box = document.querySelector(`.st-key-${CSS.escape(name)}`);
    const control = box?.querySelector(CONTROL);
    if (!control) continue;
    const said = [...box.parentElement.children].filter((each) => each.querySelector(SAID));
    said.forEach((each, number) => { each.id = `${name}-said-${number}`; });
    attribute(control, 'aria-describedby', said.map((each) => each.id).join(' '));
    if (control.tagName === 'BUTTON') continue; /* it can be neither needed nor wrong */
    attribute(control, 'aria-required', needed ? 'true' : '');
    attribute(control, 'aria-invalid', wrong ? 'true' : '');
  }
}

/* What the page says comes after what the server says of it, and may be drawn anew at any time. */
function keepTied(data) {
  page.tied = data.tied;
  tie();
  if (page.tying) return;
  page.tying = new MutationObserver(() => {
    window.cancelAnimationFrame(page.soon);
    page.soon = window.requestAnimationFrame(tie);
  });
  page.tying.observe(document.body, { childList: true, subtree: true });
}

/* ------------------------------------------------------------------------------------------------ where a step starts */
const main = () => document.querySelector('[data-testid="stMain"]');

/* Bring the reader to a question or heading by its words; to the heading of the page where there is none. */
function lead(words) {
  const group = [...document.querySelectorAll('[role="radiogroup"], [data-testid="stTextInput"] input')].find((each) => each.getAttribute('aria-label') === words);
  const found = group ?? [...document.querySelectorAll('h2, h3')].find((each) => each.innerText.trim() === words);
  if (!found) return false;
  const control = group?.querySelector('input') ?? found;
  if (!group) { found.setAttribute('tabindex', '-1'); found.style.outline = 'none'; }
  control.focus({ preventScroll: true });
  (group?.closest('[data-testid="stVerticalBlock"]') ?? found).scrollIntoView({ block: 'start' });
  main()?.scrollBy(0, -80);
  return true;
}

function begin(data) {
  const first = page.step === null;
  const moved = page.step !== data.step;
  const led = data.target && page.target !== data.target_name;
  page.step = data.step;
  page.target = data.target_name;
  if ((first || !moved) && !led) return;
  const until = Date.now() + 3000;
  const seek = () => {
    const heading = document.querySelector('h1');
    const there = heading && heading.innerText.trim() === data.heading;
    if (there && led && lead(data.target)) return;
    if (!there || (led && Date.now() < until - 1500)) {
      if (Date.now() < until) window.setTimeout(seek, 30);
      return;
    }
    main()?.scrollTo(0, 0);
    heading.setAttribute('tabindex', '-1');
    heading.style.outline = 'none';
    heading.focus({ preventScroll: true });
  };
  seek();
}

/* What draws the charts is large, and its first drawing takes far longer than any later one. So it is fetched, and made to draw a small
   chart out of sight, while the user reads and answers, and the scorecard does not wait for it. */
const idle = window.requestIdleCallback ?? ((action) => window.setTimeout(action, 500));

function fetchAhead(address) {
  if (!address || page.ahead) return;
  page.ahead = true;
  idle(() => import(new URL(address, document.baseURI).href).then(() => idle(drawUnseen)).catch(() => { page.ahead = false; }));
}

function drawUnseen() {
  const plotly = window.Plotly;
  if (!plotly || document.querySelector('.js-plotly-plot')) return;
  const ground = document.createElement('div');
  ground.setAttribute('aria-hidden', 'true');
  ground.style.cssText = 'position: fixed; left: -9999px; top: 0; width: 600px; height: 300px; visibility: hidden;';
  document.body.append(ground);
  const bar = (shape) => ({
    type: 'bar', orientation: 'h', name: '1', x: [1, 2], y: [10, 40], width: 26, text: ['1', '2'], textposition: 'inside', textangle: 0, insidetextanchor: 'middle',
    marker: { color: '#58b787', line: { width: 1 }, pattern: { shape, fillmode: 'overlay', size: 7 } },
  });
  const layout = {
    barmode: 'stack', width: 600, height: 300, legend: { orientation: 'h', yref: 'container', xref: 'container', x: 0, y: 1, yanchor: 'top' }, yaxis: { visible: false },
    xaxis: { title: { text: '1' }, showgrid: false, zeroline: false }, annotations: [{ x: 0, xref: 'paper', y: 10, text: '<b>1<br>1</b>', showarrow: false, xanchor: 'left' }],
  };
  const draw = async () => plotly.newPlot(ground, [bar(''), bar('/'), bar('x'), bar('.')], layout, { displayModeBar: false, staticPlot: true });
  const away = () => { plotly.purge(ground); ground.remove(); };
  draw().then(away, away); /* where it cannot draw, the scorecard will take its time */
}

export default function (component) {
  const { data, setStateValue, parentElement } = component;
  document.documentElement.lang = 'en-AU';
  page.set = setStateValue;
  page.line = parentElement.querySelector('p');
  if (!page.opened) {
    page.opened = true;
    settle(read('sessionStorage', SLOT) ?? newName());
  }
  hear();
  obey(data);
  keep(data);
  watch();
  keepTied(data);
  begin(data);
  listen();
  fetchAhead(data.charts);
}
