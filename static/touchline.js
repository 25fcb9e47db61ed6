// Touchline's one module. Every page works without it; it only saves taps and keys.
// What it needs to know stands in data-* attributes.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.closest("input:not([type=radio], [type=checkbox]), select, textarea");

/** Keys of one letter: an element with data-key="l" is followed, pressed or focused by that key. */
function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input")) target.focus();
    else target.click();
  });
}

/** The log form: a kind shows its outcomes at once, and numbers choose a kind and then an outcome. */
function logForm(form) {
  const kinds = all("[data-kind]", form);
  const blocks = all("[data-outcomes]", form);
  const shownTiles = () => all("[data-outcomes]:not([hidden]) .tile", form);
  const label = (tiles) => tiles.slice(0, 9).forEach((tile, at) => {
    if (!tile.querySelector("kbd")) {
      const key = document.createElement("kbd");
      key.ariaHidden = "true";
      key.textContent = at + 1;
      tile.append(key);
    }
  });

  const chooseKind = (tile) => {
    for (const other of kinds) other.removeAttribute("aria-current");
    tile.setAttribute("aria-current", "true");
    form.elements.kind.value = tile.dataset.kind;
    for (const block of blocks) {
      const shown = block.dataset.outcomes === tile.dataset.kind;
      if (!shown) all("input:checked", block).forEach((input) => { input.checked = false; });
      block.hidden = block.disabled = !shown;
    }
    label(shownTiles());
    form.dataset.stage = "outcome";
  };

  // A number of things stands only without a lead.
  const fitQuantity = () => all("[data-without]", form).forEach((box) => {
    const chosen = all(`[name="${box.dataset.without}"]`, form).find((input) => input.checked || input.type === "hidden");
    box.hidden = box.disabled = Boolean(chosen?.value);
  });

  label(kinds);
  label(shownTiles());
  form.dataset.stage = "kind";
  fitQuantity();
  form.addEventListener("change", fitQuantity);

  for (const tile of kinds) {
    tile.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      chooseKind(tile);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.shiftKey) return;
    if (event.key === "Enter") {
      const native = event.target.closest("a, button, input, select, summary");
      const sends = event.ctrlKey || event.metaKey || !(native || isTyping(event.target));
      if (sends) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    if (event.key === "Escape") form.dataset.stage = "kind";
    if (!/^[1-9]$/.test(event.key)) return;
    const forKind = form.dataset.stage === "kind";
    const tile = (forKind ? kinds : shownTiles())[event.key - 1];
    if (!tile) return;
    event.preventDefault();
    if (forKind) chooseKind(tile);
    else {
      const input = tile.querySelector("input");
      input.click();
      input.focus();
    }
  });
}

/** A search form beside the log form takes along what is chosen already: its hidden fields copy the other form's. */
function carry(form) {
  form.addEventListener("submit", () => {
    const chosen = new FormData(document.getElementById(form.dataset.carry));
    for (const field of all("input[type=hidden]", form)) field.value = chosen.get(field.name) ?? "";
  });
}

function stepper(box) {
  const input = box.querySelector("input");
  for (const button of all("[data-step]", box)) {
    button.addEventListener("click", () => {
      if (button.dataset.step > 0) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

/** A message leaves after 8 seconds, unless somebody is on it or asked for less motion. */
function toast(box) {
  box.querySelector("[data-dismiss]")?.addEventListener("click", () => box.remove());
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const leave = () => {
    if (box.matches(":hover, :focus-within")) setTimeout(leave, 8000);
    else box.remove();
  };
  setTimeout(leave, 8000);
}

/** A page that is looked at brings itself up to date; the server sends nothing when nothing changed. */
function live() {
  const every = 20_000;
  let tag = "";

  // What somebody is busy with stays as it is until they are done.
  const isBusy = (main) => main.contains(document.activeElement) && document.activeElement !== main;
  const bringUpToDate = async () => {
    const main = document.querySelector("main[data-live]");
    if (!main || document.hidden || isBusy(main)) return;
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(location.href, { headers, cache: "no-store", redirect: "error" });
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main[data-live]");
    if (!page || isBusy(main)) return;
    tag = answer.headers.get("ETag") ?? "";
    if (page.innerHTML !== main.innerHTML) main.replaceChildren(...page.childNodes);
  };

  // Without a network the page stays as it is, and the next time asks again.
  const soon = () => bringUpToDate().catch(() => {});
  setInterval(soon, every);
  document.addEventListener("visibilitychange", soon);
}

shortcuts();
if (document.querySelector("main[data-live]")) live();
all("form[data-log]").forEach(logForm);
all("form[data-carry]").forEach(carry);
all("[data-stepper]").forEach(stepper);
all("[data-toast]").forEach(toast);
all("form[data-auto]").forEach((form) => form.addEventListener("change", (event) => {
  if (event.target.matches("select, [type=checkbox]")) form.requestSubmit();
}));
document.querySelector("[data-focus]")?.focus();
