// Shows beside a link what it leads to (the meaning of a term, the caption of a figure, the work cited), and beside a mark in a figure its
// row: on hover and on focus, until one leaves it or presses Escape. Without this script links are links with titles.
document.addEventListener("DOMContentLoaded", () => {
  const tip = Object.assign(document.createElement("div"), { id: "us-tip", className: "us-tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);
  const known = new WeakMap();
  let owner, timer;
  const said = (item) => {
    if (item.title) { // one hint, not two
      known.set(item, item.title);
      item.removeAttribute("title");
    }
    if (known.has(item)) return known.get(item);
    if (!item.hash) return item.getAttribute("aria-label");
    const target = item.getAttribute("href")[0] === "#" && document.getElementById(decodeURIComponent(item.hash.slice(1)));
    return target && target.matches(".citation, .footnote") ? target.textContent.trim() : "";
  };
  const hide = () => {
    clearTimeout(timer);
    if (owner) owner.removeAttribute("aria-describedby");
    owner = null;
    tip.hidden = true;
  };
  const show = (item) => {
    clearTimeout(timer);
    if (item === owner) return;
    hide();
    const text = said(item);
    if (!text) return;
    owner = item;
    tip.textContent = text;
    tip.hidden = false;
    if (item.href) item.setAttribute("aria-describedby", tip.id);
    const [at, size] = [(item.getClientRects()[0] || item.getBoundingClientRect()), tip.getBoundingClientRect()];
    const above = at.bottom + size.height > innerHeight;
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + scrollX}px`;
    tip.style.top = `${(above ? at.top - size.height : at.bottom) + scrollY}px`;
  };
  const later = (action, wait) => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
  const item = (event) => event.target.closest && event.target.closest("article a[href]:not(.headerlink, :empty), article svg [tabindex]");
  document.addEventListener("pointerover", (event) => {
    const found = item(event);
    if (event.pointerType === "touch") return;
    if (found) later(() => show(found), 150);
    else if (tip.contains(event.target)) clearTimeout(timer);
    else if (owner && owner !== document.activeElement) later(hide, 250);
    else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    const found = item(event);
    if (found && (!found.href || found.matches(":focus-visible"))) show(found);
    else hide();
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]; // the marks of a figure are one stop
    const here = step && document.activeElement.closest("article svg [tabindex]");
    if (!here) return;
    const marks = [...here.closest("svg").querySelectorAll("[tabindex]")];
    const next = marks[(marks.indexOf(here) + step + marks.length) % marks.length];
    here.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
    event.preventDefault();
  });
});
