// Adds a search field to pages whose entries carry the class us-filterable; without scripts the page shows everything.
document.addEventListener("DOMContentLoaded", () => {
  const entries = [...document.querySelectorAll(".us-filterable")];
  if (!entries.length) return;
  const label = document.createElement("label");
  const field = document.createElement("input");
  const count = document.createElement("output");
  field.type = "search";
  field.className = "us-filter";
  label.append("Filter ", field, " ", count);
  const table = entries[0].closest(".us-scroll");
  (table || document.querySelector("article h1")).insertAdjacentElement(table ? "beforebegin" : "afterend", label);
  const texts = entries.map((entry) => entry.textContent.toLowerCase());
  const show = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    entries.forEach((entry, i) => {
      const fits = words.every((word) => texts[i].includes(word));
      entry.hidden = !fits;
      shown += fits;
    });
    count.value = `${shown} of ${entries.length}`;
  };
  field.addEventListener("input", show);
  show();
});
