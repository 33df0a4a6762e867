/* The browser's own storage: what is kept there, and reading and writing it.

   Kept where                 for how long            what
   session storage  OWN       as long as this tab     the answers of this tab, for a refresh or a restarted server
   session storage  SLOT      as long as this tab     the name under which this tab's answers are kept on the device
   local storage    KEPT+slot until it is forgotten   the answers of one tab, the step at which it was, and what they come to where no answer has been given since
   local storage    OFF       until it is changed     that nothing is to be kept after a tab is closed
   local storage    FORGOT    until the next time     a mark of when all answers were last forgotten
   session storage  AFTER     as long as this tab     that mark as it was when this tab's answers were kept
   session storage  BESIDE    as long as this tab     what the server says beside the answers: what the scorecard adopts, what is not known yet
   session storage  REVIEWS   as long as this tab     what a reviewer said here of returns of others
   session storage  REFUSED   until others are given  answers of this tab that the server could not read

   The server says what to keep with every run; what is typed or clicked meanwhile is put on top of it at once, and stays there until
   the server is known to have heard it. */
const OWN = 'mcm-assessment', SLOT = 'mcm-slot', KEPT = 'mcm-kept.', OFF = 'mcm-keeping-off', FORGOT = 'mcm.forgotten', AFTER = 'mcm.after', REFUSED = 'mcm.refused', BESIDE = 'mcm.beside', REVIEWS = 'mcm.reviews';
const page = (window.__mcm ??= {
  step: null, target: null, asked: null, slot: null, settling: Promise.resolve(), release: null, done: new Set(), pending: new Map(),
  data: null, base: null, said: null, forgotten: null, opened: false, listening: false, handing: null,
  forgetting: false, fields: {}, changed: '', mark: null, looks: new Map(), removed: new Set(),
});

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
  let text = null;
  attempt(() => { text = window[storage].getItem(name); });
  return text;
}

function put(storage, name, text) {
  return attempt(() => {
    if (text === null) window[storage].removeItem(name);
    else if (window[storage].getItem(name) !== text) window[storage].setItem(name, text);
  });
}

function names(storage, beginning) {
  let all = [];
  attempt(() => { all = Object.keys(window[storage]); });
  return all.filter((name) => name.startsWith(beginning));
}

const keeping = () => read('localStorage', OFF) === null;
const newName = () => Math.random().toString(36).slice(2, 10) + Date.now().toString(36);

/* The object that a text is as JSON; null where it is none. */
function parsed(text) {
  let content = null;
  attempt(() => { content = JSON.parse(text); });
  return content !== null && typeof content === 'object' ? content : null;
}

const at = (content, path) => path.reduce((inner, step) => inner?.[step], content);
