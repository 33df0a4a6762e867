/* The component: Streamlit calls this with every run that brings something else. */
const idle = window.requestIdleCallback ?? ((action) => window.setTimeout(action, 500));

/* What draws the charts is large. So it is fetched while the user reads and answers, and the scorecard does not wait for it. */
function fetchAhead(address) {
  if (!address || page.ahead) return;
  page.ahead = true;
  idle(() => import(new URL(address, document.baseURI).href).catch(() => { page.ahead = false; }));
}

export default function (component) {
  const { data, setStateValue, setTriggerValue, parentElement } = component;
  document.documentElement.lang = 'en-AU';
  page.set = setStateValue;
  page.want = setTriggerValue;
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
  wayOn();
  watchAway();
  begin(data);
  listen();
  fetchAhead(data.charts);
}
