/* The component: Streamlit calls this with every run that brings something else. */
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
}
