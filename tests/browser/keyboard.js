// Notes where Tab leads. Returns how many elements it should reach; usKeyboard() then names the faults.
(() => {
  // Of long lists of like things only the ends stay: a thousand stops more teach nothing and take minutes.
  for (const parent of document.querySelectorAll("tbody, ul, ol, dl, section, article"))
    for (const tag of ["tr", "li", "dt", "dd", "section", "p"]) [...parent.children].filter((e) => e.localName === tag).slice(30, -5).forEach((e) => e.remove());
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert]");
  const name = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && visible(e));
  const marks = ["outlineStyle", "outlineWidth", "boxShadow", "borderColor", "backgroundColor", "textDecorationLine", "textDecorationStyle", "color", "opacity"];
  const look = (e) => { const style = getComputedStyle(e); return marks.map((mark) => style[mark]); };
  const before = new Map(stops.map((e) => [e, look(e)]));
  const reached = new Set();
  const faults = [];
  let at = null, stuck = 0, first = null;
  document.addEventListener("keydown", () => {
    stuck = document.activeElement === at && at !== document.body ? stuck + 1 : 0;
    if (stuck === 1) faults.push(`keyboard trap: ${name(at)}`);
    at = document.activeElement;
  }, true);
  document.addEventListener("focusin", ({ target }) => {
    first ??= target;
    if (reached.has(target)) return;
    reached.add(target);
    target.getAnimations().forEach((running) => running.finish());
    const box = target.getBoundingClientRect(), style = getComputedStyle(target);
    const there = box.width && box.height && box.bottom > 0 && box.right > 0 && box.left < innerWidth && style.opacity > 0;
    if (!there || (before.has(target) && look(target).join() === before.get(target).join())) faults.push(`focus not visible: ${name(target)}`);
  }, true);
  window.usKeyboard = () => {
    for (const stop of stops) if (!reached.has(stop) && visible(stop)) faults.push(`not reached by Tab: ${name(stop)}`);
    // A label that works a control nobody can focus, and a role that promises a control, are for pointers alone.
    for (const label of document.querySelectorAll("label")) if (label.control && label.offsetWidth && visible(label) && !visible(label.control)) faults.push(`for pointers only: ${name(label)}`);
    for (const control of document.querySelectorAll("[role=button], [role=link], [role=tab], [onclick]")) if (control.tabIndex < 0 && visible(control)) faults.push(`for pointers only: ${name(control)}`);
    if (!first?.matches("a[href^='#']") || !document.getElementById(first.hash.slice(1))) faults.push(`the first stop is no link that skips to the text: ${first ? name(first) : "none"}`);
    return faults;
  };
  return stops.length;
})()
