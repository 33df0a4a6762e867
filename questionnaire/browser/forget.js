/* What the server orders, each order once: to bring what a slot or every slot holds, to take a slot over, to leave it, to forget. And what other tabs forget. */
const ORDERS = {
  fetch: ({ slot }) => {
    tell(safe() ? { fetched: { slot, ...unpack(read('localStorage', KEPT + slot) ?? '') } } : { unsafe: true });
  },
  begin: ({ slot }) => tell(safe() ? { begun: slot } : { unsafe: true }),
  fetchAll: async () => tell({ all: (await slots()).map(({ slot, name }) => ({ name, assessment: unpack(read('localStorage', KEPT + slot) ?? '').assessment })) }),
  adopt: ({ slot, beside }) => {
    settle(slot);
    if (beside) page.settling.then(() => tell({})); /* what was here is one of the others now */
  },
  leave: () => {
    put('sessionStorage', REFUSED, read('sessionStorage', OWN) ?? read('sessionStorage', REFUSED));
    settle(newName());
    page.settling.then(() => tell({}));
  },
  remove: ({ slot }) => put('localStorage', KEPT + slot, null),
  keeping: ({ on }) => { put('localStorage', OFF, on ? null : 'off'); store(); },
  forget: () => {
    if (!page.forgetting) forgetAll(); /* else it was done when the button was pressed */
    page.forgetting = false;
    page.pending.clear();
  },
};

/* True where others may take the place of the answers here: there are none, they are a sample's, or the device keeps them. */
const safe = () => page.data.empty || !page.data.lasting || Boolean(page.slot && keeping() && page.keptAt?.device);

function obey(data) {
  for (const order of data.orders) {
    if (page.done.has(order.turn)) continue;
    page.done.add(order.turn);
    ORDERS[order.order](order);
  }
}

function forgetOwn() {
  for (const name of [OWN, REFUSED, BESIDE, REVIEWS]) put('sessionStorage', name, null);
}

function forgetAll() {
  for (const name of names('localStorage', KEPT)) put('localStorage', name, null);
  forgetOwn();
  page.mark = newName();
  put('localStorage', FORGOT, page.mark);
  page.channel?.postMessage(page.mark);
}

/* What another tab forgot, this one forgets too, and it keeps nothing until its page knows. A tab that was not there to hear of it, since
   it showed another page or was closed, sees it by the mark when it comes back. */
function heed(mark) {
  if (mark === page.mark) return;
  page.mark = mark;
  page.forgotten = newName();
  if (page.data) note({ path: [] }, null);
  forgetOwn();
  if (page.slot) put('localStorage', KEPT + page.slot, null);
  tell({});
}

function hear() {
  if (page.hearing) return;
  page.hearing = true;
  page.mark = read('sessionStorage', OWN) === null ? read('localStorage', FORGOT) : read('sessionStorage', AFTER);
  heed(read('localStorage', FORGOT));
  window.addEventListener('storage', ({ key }) => { if (key === OFF) { store(); tell({}); } }); /* another tab turned keeping off, or on */
  window.addEventListener('pageshow', () => heed(read('localStorage', FORGOT)));
  if (!window.BroadcastChannel) return;
  page.channel = new BroadcastChannel('mcm');
  page.channel.onmessage = ({ data }) => heed(data); /* the other tab's storage may be seen here only later */
}
