// What paper would lose, as sentences: a fold that stays closed, something cut off, a run sheet of two pages; and what
// would show the bars of a box that scrolls.
// For a window as large as what is printed on a page.
() => {
    const name = (element) => element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    const all = (selector) => [...document.querySelectorAll(selector)];
    const closed = all("main details").filter(({ lastElementChild: last }) => !last.checkVisibility());
    const cut = all("main :is(pre, table, svg, .table-wrapper, .timeline-scroll, .minutes, p, li)").filter((element) =>
        element.getBoundingClientRect().right > innerWidth + 1 || element.scrollWidth > innerWidth + 1);
    const long = all(".for-instructor").filter((sheet) => sheet.offsetHeight > innerHeight);
    const scrolls = all("main *").filter((element) => /auto|scroll/.test(getComputedStyle(element).overflow));
    return [
        ...closed.map((element) => `"${name(element)}" stays folded`),
        ...cut.map((element) => `${element.tagName.toLowerCase()} "${name(element)}" is cut off`),
        ...scrolls.map((element) => `${element.tagName.toLowerCase()} "${name(element)}" would scroll`),
        ...long.map((sheet) => `the run sheet is ${sheet.offsetHeight} px long, a page ${innerHeight}`),
    ];
}
