// What mdBook's pages lack for those who use a keyboard or a screen reader, and nothing else.
"use strict";

// The switch of the sidebar is a label, which no keyboard reaches. A button stands in for it.
(() => {
    const label = document.getElementById("mdbook-sidebar-toggle");
    const box = document.getElementById("mdbook-sidebar-toggle-anchor");
    if (!label || !box) return;
    const button = document.createElement("button");
    button.type = "button";
    button.id = "sidebar-button";
    button.className = label.className;
    button.title = label.title;
    button.setAttribute("aria-label", label.getAttribute("aria-label") || label.title);
    button.setAttribute("aria-controls", "mdbook-sidebar");
    button.innerHTML = label.innerHTML;
    const tell = () => button.setAttribute("aria-expanded", String(box.checked));
    // mdBook listens on its label, so that is what is clicked.
    button.addEventListener("click", () => label.click());
    box.addEventListener("change", tell);
    tell();
    label.hidden = true;
    label.style.display = "none";
    for (const name of ["aria-label", "aria-controls", "aria-expanded"]) {
        label.removeAttribute(name);
    }
    label.after(button);
})();

// The first stop of the keyboard leads past the table of contents.
(() => {
    const content = document.getElementById("mdbook-content");
    if (!content) return;
    const skip = document.createElement("a");
    skip.className = "skip-link";
    skip.href = "#mdbook-content";
    skip.textContent = "Skip to the page";
    content.tabIndex = -1;
    const nav = document.createElement("nav");
    nav.setAttribute("aria-label", "Skip");
    nav.append(skip);
    document.body.prepend(nav);
})();

// The bar on top belongs to a landmark.
document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");

// What scrolls sideways can be reached and scrolled with the keyboard, and shows that there is more.
(() => {
    const kinds = [
        ["main pre > code", "Code"],
        ["main .table-wrapper", "Table"],
        ["main .timeline-scroll", "Timeline"],
    ];
    const tell = (element) => {
        const seen = element.scrollLeft + element.clientWidth;
        element.classList.toggle("more", element.scrollWidth > seen + 1);
    };
    const fit = (element, kind) => {
        tell(element);
        if (element.scrollWidth > element.clientWidth + 1) {
            element.tabIndex = 0;
            element.setAttribute("role", "group");
            element.setAttribute("aria-label", `${kind}, scrolls sideways`);
        } else if (element.getAttribute("role") === "group") {
            element.removeAttribute("tabindex");
            element.removeAttribute("role");
            element.removeAttribute("aria-label");
        }
    };
    const names = new Map();
    const watcher = new ResizeObserver((entries) => {
        for (const { target } of entries) fit(target, names.get(target));
    });
    for (const [selector, kind] of kinds) {
        for (const element of document.querySelectorAll(selector)) {
            names.set(element, kind);
            fit(element, kind);
            watcher.observe(element);
            element.addEventListener("scroll", () => tell(element), { passive: true });
        }
    }
})();

// Paper cannot be clicked: what is folded is open in print. For browsers that do not know the rule of the
// stylesheet that says so.
(() => {
    let closed = [];
    addEventListener("beforeprint", () => {
        closed = [...document.querySelectorAll("details:not([open])")];
        for (const details of closed) details.open = true;
    });
    addEventListener("afterprint", () => {
        for (const details of closed) details.open = false;
    });
})();
