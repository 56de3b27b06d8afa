// A click on the mark of a paragraph, a figure or a table also copies a citation of that place. Without this script it is a plain link.
document.addEventListener("DOMContentLoaded", () => {
  const foot = document.querySelector(".us-foot[data-cite]");
  if (!foot) return;
  const said = document.createElement("output");
  said.className = "us-said";
  said.setAttribute("aria-live", "polite");
  document.body.append(said);
  // Where the browser has no clipboard for pages from this address.
  const copyOld = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const place = (mark) => {
    const [table, figure] = [mark.closest("caption"), mark.closest("figcaption")];
    if (table) return `table “${table.textContent.trim()}”`;
    if (figure) return figure.textContent.match(/^Figure \d+/)[0];
    return `para. ${mark.hash.slice(2)}`;
  };
  let timer;
  document.addEventListener("click", async (event) => {
    const mark = event.target.closest("p[id]>a:empty, .us-here, figcaption a[href^='#fig-']");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const print = foot.querySelector("code").textContent;
    const text = `${foot.dataset.cite}, ${place(mark)}. Data fingerprint ${print}. ${foot.dataset.at || ""}${mark.hash}`;
    const kept = document.activeElement;
    const done = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => copyOld(text)) : copyOld(text);
    kept.focus({ preventScroll: true });
    said.value = done ? "Citation copied" : "";
    clearTimeout(timer);
    timer = setTimeout(() => { said.value = ""; }, 2500);
  });
});
