// Which of the instructor's pages are waited for, however slow the signal is. Pure: no browser.

/**
 * Reports and their receipts: "No signal" in place of a receipt that is slow would have somebody report twice. As
 * Workbox matches them, against path and query.
 */
export const REPORTS = [
  /^\/teach\/incidents\//,
  /^\/teach\/classes\/\d+\/(?:incident|concern|worry)\//,
  /^\/teach\/concerns\/sent\//,
];

export const isReport = (path) => REPORTS.some((one) => one.test(path));
