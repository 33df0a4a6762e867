/* Slots: each tab keeps its answers on the device under a name of its own, and offers those of other tabs to the server. */

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

/* What a slot holds. A text that is not as this script writes it is handed on as it is; the server refuses it and says what is wrong. */
function unpack(kept) {
  const content = parsed(kept);
  if (typeof content?.assessment !== 'string') return { step: '', result: '', assessment: kept };
  return { step: String(content.step ?? ''), result: String(content.result ?? ''), assessment: content.assessment };
}

function about(slot, held) {
  const { result, assessment } = unpack(read('localStorage', KEPT + slot));
  const content = parsed(assessment);
  const [name, moment] = [GIVEN.name, GIVEN.moment].map((path) => at(content, path));
  return {
    slot, open: held.includes(KEPT + slot), result: [...result].slice(0, 300).join(''),
    name: typeof name === 'string' ? [...name].slice(0, 200).join('') : '', /* by whole characters, never half of one */
    saved_at: typeof moment === 'string' ? moment.slice(0, 40) : '',
  };
}

async function slots() {
  const held = ((await navigator.locks?.query())?.held ?? []).map((lock) => lock.name);
  const own = page.slot ?? read('sessionStorage', SLOT);
  return names('localStorage', KEPT).map((name) => name.slice(KEPT.length)).filter((slot) => slot && slot !== own).map((slot) => about(slot, held));
}

/* Bring something to the server. said: what to bring, or a function that is asked for it at the last moment, with the name of this message. */
async function tell(said) {
  const message = newName();
  page.said = message; /* until the server says that it heard this one, a run is on its way */
  const always = { at: message, slots: await slots(), keeping: keeping(), own: null, all: null, beside: parsed(read('sessionStorage', BESIDE)), reviews: read('sessionStorage', REVIEWS), fetched: null, unheard: [], forgotten: page.forgotten };
  page.set('found', { ...always, ...(typeof said === 'function' ? said(message) : said) });
}
