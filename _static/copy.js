// Adds a button to each citation that copies its text. Without scripts, or where the browser gives no access to the clipboard, the text
// is there to be selected.
document.addEventListener("DOMContentLoaded", () => {
  if (!navigator.clipboard) return;
  for (const citation of document.querySelectorAll(".us-citation")) {
    const text = citation.querySelector(".us-copy");
    if (!text) continue;
    const style = citation.querySelector("strong").textContent;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy the citation in the style of ${style}`);
    const say = (word) => {
      button.textContent = word;
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    };
    button.addEventListener("click", () => navigator.clipboard.writeText(text.textContent.trim().replace(/\s+/g, " ")).then(() => say("Copied"), () => say("Not copied")));
    button.setAttribute("aria-live", "polite");
    citation.append(" ", button);
  }
});
