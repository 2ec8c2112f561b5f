// What is wider than its place, as sentences: `(atTheDesk) => Promise<string[]>`. At a desk nothing is. On a
// phone it scrolls in a box that a keyboard reaches and that shows that there is more.
async (atTheDesk) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
    await drawn();

    const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    const scroller = (element) => {
        for (let box = element; box && box.tagName !== "MAIN"; box = box.parentElement) {
            if (scrolls(box)) return box;
        }
    };
    const name = (element) => {
        const words = element.textContent.trim().replace(/\s+/g, " ");
        return `${element.tagName.toLowerCase()} "${words.slice(0, 40)}"`;
    };
    const problem = (element) => {
        const box = scroller(element);
        if (!box) {
            const { left, right } = element.getBoundingClientRect();
            const fits = left >= -1 && right <= innerWidth + 1;
            return fits ? null : "is cut off, and nothing around it scrolls";
        }
        const more = box.scrollWidth - box.clientWidth;
        if (more <= 1) return null;
        if (atTheDesk) return `is ${more} px wider than its column`;
        if (box.tabIndex < 0) return "scrolls, but no keyboard reaches it";
        if (getComputedStyle(box).maskImage === "none") return "scrolls, but does not show it";
        const cue = box.closest("figure")?.querySelector(".scroll-cue");
        if (cue && getComputedStyle(cue).display === "none") return "scrolls, but no words say so";
        return null;
    };
    const wide = "main pre > code, main pre:not(:has(> code)), main table, main svg, main img, main canvas";
    const found = [...document.querySelectorAll(wide)].flatMap((element) => {
        const said = problem(element);
        return said ? [`${name(element)} ${said}`] : [];
    });

    for (const details of folded) details.open = false;
    await drawn();
    return found;
}
