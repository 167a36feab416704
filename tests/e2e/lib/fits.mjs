/** Whether what one presses and fills in lies within the page: a page that clips has no scrollbar to tell. */
import assert from 'node:assert/strict';

/** Runs in the page. What stands out at a side, is cut off by what it is in, or is too small to hit. */
function misfits() {
  const wide = window.innerWidth;
  const TARGETS = 'a[href], button, input, select, textarea, summary, [role=tab], [role=treeitem], [role=menuitem], [contenteditable=true]';
  // Rows that are meant to be moved sideways; what is in them is reached so.
  const MOVES = '[role=tablist], [role=group], .cm-scroller';
  const ROUND = 0.6; // px
  const nameOf = (e) => `${e.tagName.toLowerCase()} "${(e.getAttribute('aria-label') ?? e.innerText ?? e.name ?? '').slice(0, 40)}"`;
  const found = [];
  for (const target of document.querySelectorAll(TARGETS)) {
    if (target.closest('.xterm-helpers, .sr-only')) continue;
    if (!target.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const own = target.getBoundingClientRect();
    let { left, right } = own;
    for (let around = target.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowX === 'visible') continue;
      const box = around.getBoundingClientRect();
      if (around.matches(MOVES)) ({ left, right } = box);
      else if (left < box.left - ROUND || right > box.right + ROUND)
        found.push(`${nameOf(target)} is cut off: ${left}…${right} in ${box.left}…${box.right}`);
    }
    if (left < -ROUND || right > wide + ROUND) found.push(`${nameOf(target)} stands out: ${left}…${right}`);
    const inText = target.tagName === 'A' && getComputedStyle(target).display === 'inline';
    if (!inText && Math.min(own.width, own.height) < 24 - ROUND)
      found.push(`${nameOf(target)} is small: ${own.width} × ${own.height}`);
  }
  return { wide, found };
}

/** Where: for the message. */
export async function fits(person, where, width = 360) {
  const { wide, found } = await person.page.evaluate(misfits);
  assert.deepEqual(found, [], where);
  assert.equal(wide, width, `${where}: the page was made wider than the screen`);
}
