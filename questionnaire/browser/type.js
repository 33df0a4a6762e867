/* What is typed, chosen and pressed: it is kept at once, and what is typed counts on the page a moment after the typing stops. */
const boxOf = (name) => document.querySelector(`.${GIVEN.markup.key}${CSS.escape(name)}`);

/* The part of the page that a widget is in, and the field of the assessment that the widget shows, or that a button changes. */
function fieldOf(element) {
  const box = element.closest?.(`[class*="${GIVEN.markup.key}"]`);
  const name = box && [...box.classList].find((word) => word.startsWith(GIVEN.markup.key))?.slice(GIVEN.markup.key.length);
  return name && Object.hasOwn(page.fields, name) ? [box, page.fields[name]] : [null, null];
}

/* What a choice or a check box shows now, as the assessment says it. */
function chosen(box, { path, values, examined }) {
  if (values) return values[Number(box.querySelector('input:checked')?.value)] ?? '';
  if (!box.querySelector('input:checked')) return null;
  return at(parsed(latest()), path) ?? examined;
}

/* A choice shows what was chosen only once the page has dealt with the click or the key; a mouse's click brings no event of a change at all. */
function lookSoon(box, field) {
  const look = () => {
    if (!box.isConnected) return;
    if (field.keeping) keepOrNot(box);
    else if (!field.filled || chosen(box, field) !== '') note(field, chosen(box, field)); /* filled: given or not there, and never empty */
  };
  lookNoMore(field);
  page.looks.set(JSON.stringify(field.path), [0, 40, 80].map((wait) => window.setTimeout(look, wait)));
}

/* What was seen is out of date: something else was done to the same place. */
function lookNoMore({ path }) {
  page.looks.get(JSON.stringify(path))?.forEach((timer) => window.clearTimeout(timer));
}

/* Whether answers are kept after the tab is closed is the browser's own to know. */
function keepOrNot(box) {
  const on = Boolean(box.querySelector('input:checked'));
  if (on === keeping()) return;
  if (!on && page.slot) put('localStorage', KEPT + page.slot, null); /* first, since there may be no room for more */
  put('localStorage', OFF, on ? null : 'off');
  store();
}

/* What is typed, as far as the field takes it; the page says what is too much, or is no date. Characters are counted whole, as the server counts them. */
function taken(field, input) {
  const text = input.value.replace(new RegExp(GIVEN.soft_breaks, 'gu'), field.between_lines).replace(new RegExp(GIVEN.not_text, 'gu'), '');
  if (field.date) return isDate(text.trim()) ? text.trim() : '';
  return text.length > field.longest ? [...text].slice(0, field.longest).join('') : text;
}

/* A day that there is, as YYYY-MM-DD, from the year 1 on. */
function isDate(text) {
  const day = new Date(/^(?!0000)\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : NaN);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/* The list in a place, as the page shows it, without the rows that were removed: of each row what is not empty, in the order of the rows. */
function listed({ path }) {
  const name = JSON.stringify(path), rows = new Map();
  for (const [key, field] of Object.entries(page.fields)) {
    if (!field.part || JSON.stringify(field.path) !== name || page.removed.has(field.row)) continue;
    const input = boxOf(key)?.querySelector('input');
    if (!input) continue;
    const text = input.value === field.was.replace(/[\r\n]/g, '') ? field.was : taken(field, input);
    if (text) rows.set(field.row, { place: field.place, said: { ...rows.get(field.row)?.said, [field.part]: text } });
  }
  const inOrder = [...rows.values()].sort((one, other) => one.place - other.place);
  return inOrder.length ? JSON.stringify(inOrder.map(({ said }) => said)) : '';
}

function clicked(box, field, element) {
  if (!('pressed' in field)) {
    if (element.closest('label, input') && (field.values || 'examined' in field || field.keeping)) lookSoon(box, field);
  } else if (element.closest('button:not([disabled])')) {
    if (field.everywhere) {
      page.forgetting = true;
      forgetAll();
    }
    lookNoMore(field);
    if (field.row) page.removed.add(field.row);
    note(field, field.row ? listed(field) : field.pressed);
  }
}

function listen() {
  if (page.listening) return;
  page.listening = true;
  let timer;
  const on = (kind, heard) => window.addEventListener(kind, (event) => { if (event.target instanceof Element) heard(event.target, event); }, true);
  on('input', (input) => {
    if (!input.matches(GIVEN.markup.typed)) return;
    const [box, field] = fieldOf(input);
    if (box) note(field, field.part ? listed(field) : taken(field, input));
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (input.isConnected) input.dispatchEvent(new KeyboardEvent('keydown', GIVEN.markup.sends[input.tagName]));
    }, 600);
  });
  const choice = (element) => {
    const [box, field] = fieldOf(element);
    if (box && !('pressed' in field)) clicked(box, field, element);
  };
  on('click', (element) => {
    const [box, field] = fieldOf(element);
    if (box) clicked(box, field, element);
  });
  on('change', choice);
  on('keyup', (element, event) => { if (event.key.startsWith('Arrow') || event.key === ' ') choice(element); });
}
