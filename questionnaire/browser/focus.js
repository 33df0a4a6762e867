/* Where a step starts: at its top, with the focus on its heading, or at the question that the server leads to. */
const main = () => document.querySelector(GIVEN.markup.main);

/* Let an element that is no control have the focus, without a ring around it. */
function focusable(element) {
  element.setAttribute('tabindex', '-1');
  element.style.outline = 'none';
  return element;
}

/* Open the folds that an element is in. True once they have grown, and what is in them stays where it stands.
   A fold that the browser itself opened, for a link, has to be pressed all the same: what is in it is inert until then.
   It is pressed once and given time, since another press would close it again. */
const pressed = new WeakMap();
function unfolded(element) {
  const folds = [], now = Date.now();
  for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details')) folds.push(fold);
  const folded = folds.filter((fold) => !fold.open || fold.querySelector(':scope > [inert]'));
  for (const fold of folded.filter((fold) => now - (pressed.get(fold) ?? 0) > 1000)) { /* milliseconds */
    pressed.set(fold, now);
    fold.querySelector('summary').click();
  }
  const { top } = element.getBoundingClientRect();
  const still = page.stood === top; /* as at the last look: a fold may go on growing */
  page.stood = top;
  return !folded.length && folds.every((fold) => !fold.style.overflow) && (still || !folds.length);
}

/* Bring the reader to the place on the page that a link names, or the page's own address: to one in a fold, or to a heading with a fold right behind it.
   Only the last that was asked for is sought: one press of a link asks twice, and another link may be pressed on the way. */
function follow(address) {
  const until = Date.now() + 6000;
  const own = (page.followed = {});
  const seek = () => {
    if (page.followed !== own) return;
    const place = document.getElementById(decodeURIComponent(address.slice(1)));
    const marks = place ? [...document.querySelectorAll('h1, h2, h3, details')] : [];
    const next = marks[marks.indexOf(place) + 1];
    const inside = place?.matches('h2') && next?.matches('details') ? next.querySelector('summary') : place;
    if (place && unfolded(inside)) place.scrollIntoView({ block: 'start' });
    else if (Date.now() < until) window.setTimeout(seek, 30);
  };
  if (address.length > 1) seek();
}

/* Bring the reader to the question or heading with these words; false where the page has none. */
function lead(words) {
  const question = [...document.querySelectorAll(GIVEN.markup.questions)].find((element) => element.getAttribute('aria-label') === words);
  const heading = question ? null : [...document.querySelectorAll('h1, h2, h3')].find((element) => element.textContent.trim() === words);
  if (!(question || heading) || !unfolded(heading ?? question)) return false;
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
