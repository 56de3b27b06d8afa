// Fills the bar of pages with sections of the class us-filterable, a table of sources or of claims, or a list of events with a search
// field; claims can also be filtered by verdict, events by theme and years. Without scripts the page shows everything.
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector(".us-filters");
  if (!bar) return;
  const entries = [...document.querySelectorAll(".us-filterable, .us-sources > tbody > tr, .us-reading > tbody > tr, .us-events > li")];
  const make = (tag, properties, ...inside) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inside);
    return made;
  };
  bar.setAttribute("role", "search");
  bar.setAttribute("aria-label", "Filter this page");
  const add = (label, control) => {
    bar.append(make("label", {}, `${label} `, control));
    return control;
  };
  const choice = (label, values, first) => add(label, make("select", {}, ...(first ? [new Option(first, "")] : []), ...values.map((v) => new Option(v))));
  const facts = (tag, read) => entries.map((entry) => { const found = entry.querySelector(tag); return found ? read(found) : ""; });
  const known = (values) => [...new Set(values)].sort();

  let texts; // read when first asked for: a page of a thousand entries should not wait
  const field = add("Filter", make("input", { type: "search", className: "us-filter" }));
  const tests = [(i) => field.value.toLowerCase().split(/\s+/).every((word) => texts[i].includes(word))];
  const controls = [field];
  const oneOf = (label, values) => {
    const control = choice(label, known(values), "all");
    tests.push((i) => !control.value || values[i] === control.value);
    controls.push(control);
  };
  if (entries[0].closest(".us-reading")) oneOf("Verdict", facts(".us-verdict", (found) => found.textContent));
  if (entries[0].matches(".us-events > li")) {
    oneOf("Theme", facts("i", (found) => found.textContent));
    const years = facts("time", (found) => found.dateTime.slice(0, 4));
    const from = choice("From", known(years));
    const to = choice("to", known(years));
    to.value = known(years).pop();
    tests.push((i) => from.value <= years[i] && years[i] <= to.value);
    controls.push(from, to);
  }
  const starts = controls.map((control) => control.value);
  const count = make("output", {});
  count.setAttribute("aria-live", "polite");
  bar.append(count);
  const say = (shown) => { count.value = `${shown} of ${entries.length} shown`; };
  const show = () => {
    texts ??= entries.map((entry) => entry.textContent.toLowerCase());
    const shown = entries.filter((entry, i) => !(entry.hidden = !tests.every((fits) => fits(i))));
    say(shown.length);
  };
  const reset = () => {
    controls.forEach((control, i) => { control.value = starts[i]; });
    show();
  };
  controls.forEach((control) => control.addEventListener("input", show));
  if (controls.length > 1) bar.append(make("button", { type: "button", onclick: reset }, "Show all"));
  // A permalink leads to its entry even if the filter hides it.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("[hidden]")) return;
    reset();
    target.scrollIntoView();
  });
  say(entries.length);
});
