// One switch for all folded code, remembered from page to page. Without this script each cell still opens by itself.
document.addEventListener("DOMContentLoaded", () => {
  const control = document.querySelector(".us-code-switch");
  if (!control) return;
  const show = (open) => {
    control.setAttribute("aria-pressed", open);
    document.querySelectorAll(".tag_hide-input > .us-fold").forEach((cell) => { cell.open = open; });
  };
  const kept = (value) => { // where the browser keeps nothing, the switch works for this page
    try { return value === undefined ? localStorage.getItem("code") : localStorage.setItem("code", value); } catch { return null; }
  };
  control.addEventListener("click", () => {
    const open = control.getAttribute("aria-pressed") !== "true";
    kept(open);
    show(open);
  });
  if (kept() === "true") show(true);
});
