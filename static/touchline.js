// Touchline's one module. Every page works without it; it only saves taps and keys.
// What it needs to know stands in data-* attributes.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.closest("input:not([type=radio], [type=checkbox]), select, textarea");

const hasLetterKeys = "keys" in document.body.dataset;

/** The part of another page that `selector` names. */
async function fetchPart(address, selector, options) {
  const answer = await fetch(address, { redirect: "error", ...options });
  if (!answer.ok) throw new Error(answer.statusText);
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
}

/** Calls `find` with what stands in a field a moment after the last key; a later one ends an earlier one. */
function asOneTypes(field, find) {
  let waiting, asked;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    asked?.abort();
    waiting = setTimeout(() => {
      asked = new AbortController();
      // Without signal what was there stays.
      find(field.value.trim(), { signal: asked.signal }).catch(() => {});
    }, 150);
  });
}

/** Keys of one letter: an element with data-key="l" is followed or pressed by that key. */
function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}

/** J and K go down and up the leads of a page, and on a lead's own page to its neighbours on the page it was opened from. */
function leadKeys() {
  const links = () => all("main a[data-lead]");
  if (links().length > 0) sessionStorage.leads = JSON.stringify(links().map((link) => link.pathname));
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const here = links();
    if (here.length > 0) {
      const at = here.indexOf(document.activeElement);
      here.at(at < 0 && step < 0 ? -1 : Math.min(Math.max(at + step, 0), here.length - 1)).focus();
    } else {
      const known = JSON.parse(sessionStorage.leads ?? "[]");
      const next = known[known.indexOf(location.pathname) + step];
      if (known.includes(location.pathname) && next) location.assign(next);
    }
  });
}

/** Search from everywhere: Ctrl K and what has data-command open a dialog that shows what is found while one types. */
function commandSearch(dialog) {
  const field = dialog.querySelector("input");
  const box = dialog.querySelector(".found");
  const found = () => all("a", box);
  const find = async (q, options) => {
    const part = await fetchPart(`/search?${new URLSearchParams({ q })}`, "#found", options);
    box.replaceChildren(...part.childNodes);
    box.dataset.q = q;
  };
  const open = () => {
    if (dialog.open) return;
    document.querySelector("dialog[open]")?.close();
    dialog.showModal();
    field.select();
    if (found().length === 0) find("").catch(() => {});
  };
  asOneTypes(field, find);
  for (const way of all("[data-command]")) {
    way.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      document.getElementById("menu").hidePopover();
      open();
    });
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      open();
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const ways = [field, ...found()];
    ways[Math.min(Math.max(ways.indexOf(document.activeElement) + step, 0), ways.length - 1)].focus();
  });
  // Enter opens the first that is found for what stands there now; with nothing found it is the page of the search.
  field.form.addEventListener("submit", async (event) => {
    const q = field.value.trim();
    if (!q) return;
    event.preventDefault();
    if (box.dataset.q !== q) await find(q).catch(() => {});
    const [first] = found();
    if (first && box.dataset.q === q) first.click();
    else field.form.submit();
  });
}

/** Buttons that open or close a dialog, where the browser does not do so by itself. */
function dialogButtons() {
  if ("command" in HTMLButtonElement.prototype) return;
  for (const button of all("button[commandfor]")) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    const opens = button.getAttribute("command") === "show-modal";
    button.addEventListener("click", () => (opens ? dialog.showModal() : dialog.close()));
  }
}

/** A call or an e-mail leads out of the page: who comes back from it logs it. */
function logOnReturn() {
  document.addEventListener("click", (event) => {
    const way = event.target.closest("a[data-then]");
    if (!way) return;
    const back = () => { if (!document.hidden) location.assign(way.dataset.then); };
    const away = () => {
      addEventListener("focus", back, { once: true });
      document.addEventListener("visibilitychange", back);
    };
    addEventListener("blur", away, { once: true });
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
    if (hasLetterKeys) label(shownTiles());
    form.dataset.stage = "outcome";
  };

  // A number of things stands only without a lead.
  const fitQuantity = () => all("[data-without]", form).forEach((box) => {
    const chosen = all(`[name="${box.dataset.without}"]`, form).find((input) => input.checked || input.type === "hidden");
    box.hidden = box.disabled = Boolean(chosen?.value);
  });

  // What an entry is called while it waits on the device.
  const said = document.createElement("input");
  Object.assign(said, { type: "hidden", name: "said" });
  form.append(said);
  form.addEventListener("submit", () => {
    const radios = all("[type=radio]:checked", form).filter((input) => input.value && input.name !== "next");
    const tiles = [form.querySelector("[data-kind][aria-current]"), ...radios.map((input) => input.closest("label"))];
    const words = tiles.filter(Boolean).map((tile) => {
      const copy = tile.cloneNode(true);
      for (const extra of all("kbd, small", copy)) extra.remove();
      return copy.textContent.trim();
    });
    said.value = words.join(", ");
  });

  // Leads are found while one types; the button finds them where no script runs.
  const search = form.querySelector("#f-q");
  if (search) {
    asOneTypes(search, async (q, options) => {
      const chosen = form.querySelector("[name=lead]:checked")?.value ?? "";
      const query = new URLSearchParams({ kind: form.elements.kind.value, lead: chosen, q });
      const part = await fetchPart(`/log?${query}`, "#leads-found", options);
      form.querySelector("#leads-found").replaceWith(part);
      fitQuantity();
    });
  }

  if (hasLetterKeys) {
    label(kinds);
    label(shownTiles());
  }
  form.dataset.stage = "kind";
  fitQuantity();
  form.addEventListener("change", fitQuantity);

  // A form that was kept on the device has the kind of its last time.
  const asked = new URLSearchParams(location.search).get("kind");
  const askedTile = kinds.find((tile) => tile.dataset.kind === asked);
  if (askedTile && !askedTile.ariaCurrent) chooseKind(askedTile);

  for (const tile of kinds) {
    tile.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      chooseKind(tile);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.shiftKey) return;
    if (event.key === "Enter" && event.target.matches("[type=search]")) {
      event.preventDefault();
      form.querySelector("[data-find]").click();
      return;
    }
    if (event.key === "Enter") {
      const native = event.target.closest("a, button, input:not([type=radio], [type=checkbox]), select, summary");
      const sends = event.ctrlKey || event.metaKey || !(native || isTyping(event.target));
      if (sends) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (!hasLetterKeys || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
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

/** A long deed says that it is under way, and is not asked for twice. */
function busy(form) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
    setTimeout(() => { button.disabled = true; });
  });
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

/** Brings a page that is looked at up to date; the server sends nothing when nothing changed. */
let tag = "";
async function bringUpToDate() {
  // What somebody is busy with stays as it is until they are done.
  const isBusy = (main) => main.contains(document.activeElement) && document.activeElement !== main;
  const main = document.querySelector("main[data-live]");
  if (!main || document.hidden || isBusy(main)) return;
  const headers = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch(location.href, { headers, cache: "no-store", redirect: "error" });
  if (answer.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main[data-live]");
  if (!page || isBusy(main)) return;
  tag = answer.headers.get("ETag") ?? "";
  page.querySelector("#device")?.replaceWith(main.querySelector("#device").cloneNode(true));
  if (page.innerHTML !== main.innerHTML) main.replaceChildren(...page.childNodes);
}

/** Without a network the page stays as it is, and the next time asks again. */
function live() {
  const soon = () => bringUpToDate().catch(() => {});
  setInterval(soon, 20_000);
  document.addEventListener("visibilitychange", soon);
}

/** Shows what the service worker keeps: the age of a page seen without signal, and the entries that wait. */
function showKept(entries) {
  const box = document.getElementById("device");
  if (!box) return;
  const notice = (text, ...more) => {
    const line = document.createElement("p");
    line.className = "notice tone-warn";
    line.append(text, ...more);
    return line;
  };
  const lines = [];
  const { keptAt } = document.documentElement.dataset;
  if (keptAt) {
    const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date(keptAt));
    lines.push(notice(`No signal. This is what you saw on ${when}.`));
  }
  const waiting = entries.filter((entry) => !entry.reason);
  if (waiting.length > 0) lines.push(notice(`${waiting.length} waiting to send`));
  box.dataset.waiting = entries.length;
  const list = document.createElement("ul");
  list.className = "rows";
  for (const entry of entries.filter((entry) => entry.reason)) {
    const row = document.getElementById("refused-entry").content.cloneNode(true);
    const [title, why] = all("p", row);
    const fields = new URLSearchParams(entry.fields);
    fields.set("at", entry.at);
    title.textContent = `Not taken: ${fields.get("said") || "an entry"}`;
    why.textContent = entry.reason;
    row.querySelector("a").href = `/log?${fields}`;
    row.querySelector("button").dataset.drop = entry.number;
    list.append(row);
  }
  if (list.children.length > 0) lines.push(list);
  box.replaceChildren(...lines);
}

/** Keeps Today, Log and my leads on the device, and sends what waits there. Works over https and on this machine. */
async function device() {
  const { person } = document.body.dataset;
  if (!person || !("serviceWorker" in navigator)) return;
  showKept([]);
  // What was sent after this page was made is not on it yet.
  let madeAt = Date.parse(document.documentElement.dataset.keptAt) || performance.timeOrigin;
  navigator.serviceWorker.addEventListener("message", ({ data: { entries, sentAt } }) => {
    showKept(entries);
    if (sentAt < madeAt) return;
    madeAt = Date.now();
    bringUpToDate().catch(() => {});
  });
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;

  const named = all("link[rel=stylesheet], link[rel=icon], script[src], use").map((one) => one.getAttribute("href") ?? one.src);
  const files = [...new Set(named.map((address) => new URL(address, location).pathname))];
  const isLogger = document.querySelector('nav a[href="/log"]');
  const leads = all('a[href^="/log?lead="]').map((link) => link.getAttribute("href"));
  const pages = isLogger && location.pathname === "/today" ? ["/today", "/log", "/leads", ...leads] : [];
  active.postMessage({ person, files, pages });

  addEventListener("online", () => active.postMessage({ person }));
  document.addEventListener("click", (event) => {
    const number = Number(event.target.closest("[data-drop]")?.dataset.drop);
    if (number) active.postMessage({ person, drop: number });
  });
  document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", (event) => {
    const waiting = Number(document.getElementById("device").dataset.waiting);
    if (waiting > 0 && !confirm(`Entries that are not sent yet: ${waiting}. Sign out and lose them?`)) event.preventDefault();
  });
}

/** A button that copies what stands in a field; browsers lend the clipboard over https and on this machine only. */
function copyButton(button) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select());
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  });
}

if (hasLetterKeys) {
  shortcuts();
  leadKeys();
}
dialogButtons();
logOnReturn();
all("#command").forEach(commandSearch);
device().catch(() => {});
if (document.querySelector("main[data-live]")) live();
all("form[data-log]").forEach(logForm);
all("[data-stepper]").forEach(stepper);
all("[data-copy]").forEach(copyButton);
all("[data-toast]").forEach(toast);
all("form[data-busy]").forEach(busy);
all("form[data-auto]").forEach((form) => form.addEventListener("change", (event) => {
  if (event.target.matches("select, [type=checkbox]")) form.requestSubmit();
}));
document.querySelector("[data-focus]")?.focus();
document.querySelector(".search-form input")?.select();
