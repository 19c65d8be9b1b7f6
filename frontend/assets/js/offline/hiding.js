// Since when the page is behind another app. A browser given in, so that no page is needed.

/**
 * `cameBack` is asked before it is forgotten how long the page was hidden: a telephone that stops timers meanwhile has
 * asked nobody else. Returns what says since when; 0 while the page is in front.
 */
export function watchHiding(page, cameBack) {
  let since = 0;
  page.addEventListener("visibilitychange", async () => {
    if (page.hidden) since = Date.now();
    else {
      await cameBack();
      if (!page.hidden) since = 0;
    }
  });
  return () => since;
}
