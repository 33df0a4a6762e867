/* Where a step starts: at its top, with the focus on its heading, or at the question that the server leads to. */
const main = () => document.querySelector(GIVEN.markup.main);

/* Let an element that is no control have the focus, without a ring around it. */
function focusable(element) {
  element.setAttribute('tabindex', '-1');
  element.style.outline = 'none';
  return element;
}

/* Bring the reader to the question or heading with these words; false where the page has none. */
function lead(words) {
  const question = [...document.querySelectorAll(GIVEN.markup.questions)].find((element) => element.getAttribute('aria-label') === words);
  const heading = question ? null : [...document.querySelectorAll('h1, h2, h3')].find((element) => element.innerText.trim() === words);
  if (!question && !heading) return false;
  (heading ? focusable(heading) : question.querySelector('input') ?? question).focus({ preventScroll: true });
  (question?.closest(GIVEN.markup.block) ?? heading ?? question).scrollIntoView({ block: 'start' });
  main()?.scrollBy(0, -80); /* pixels, which the navigation along the top covers */
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
    focusable(heading).focus({ preventScroll: true });
  };
  seek();
}
