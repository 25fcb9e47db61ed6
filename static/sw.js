// Touchline's service worker: opens what was seen last when there is no signal, and keeps entries until they are sent.
// Pages and entries belong to one person; who comes after sees neither, and signing out clears the device.

const FILES = "files";
const PAGES = "pages";
const PATIENCE_MS = 4_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// ---- what is kept beside pages: who is here, and the entries that wait

const opened = () => new Promise((resolve, reject) => {
  const request = indexedDB.open("touchline", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("entries", { keyPath: "number", autoIncrement: true });
    request.result.createObjectStore("facts");
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Runs one request on a store and answers when it is safely written. */
async function store(name, mode, work) {
  const db = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(name, mode);
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

const fact = (key) => store("facts", "readonly", (facts) => facts.get(key));
const setFact = (key, value) => store("facts", "readwrite", (facts) => facts.put(value, key));
const allEntries = () => store("entries", "readonly", (entries) => entries.getAll());
const putEntry = (entry) => store("entries", "readwrite", (entries) => entries.put(entry));
const dropEntry = (number) => store("entries", "readwrite", (entries) => entries.delete(number));

async function myEntries() {
  const person = await fact("person");
  return (await allEntries()).filter((entry) => entry.person === person);
}

/** Notices who is here; another person's pages go. */
async function meet(person) {
  if (!person || (await fact("person")) === person) return;
  await caches.delete(PAGES);
  await setFact("person", person);
}

let turn = Promise.resolve();

/** One after the other, so that nothing of one person is put beside what the next one's coming takes away. */
function inTurn(work) {
  turn = turn.then(work, work);
  return turn;
}

// ---- pages

const personOf = (html) => /<body[^>]* data-person="([^"]*)"/.exec(html)?.[1];

/** Of each address one page: what follows a save is the same page. */
function keyOf(address) {
  const url = new URL(address, self.location);
  const isLead = url.searchParams.has("lead");
  if (url.pathname === "/today" || (url.pathname === "/log" && !isLead)) url.search = "";
  return url.pathname + url.search;
}

const isKept = (key) => ["/today", "/log", "/leads"].includes(key) || key.startsWith("/log?lead=");

/** Keeps a page. One that was opened says who is here; one that was only fetched may have been asked for by who was here before. */
async function keepPage(key, answer, isOpened) {
  if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.startsWith("text/html")) return;
  const html = await answer.text();
  const person = personOf(html);
  if (isOpened) await meet(person);
  if (!isKept(key) || person !== (await fact("person"))) return;
  const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept-At": new Date().toISOString() };
  await (await caches.open(PAGES)).put(key, new Response(html, { headers }));
}

/** What was seen last, marked with its age; a form's number is used once, so each copy has one of its own. */
async function keptPage(key) {
  const kept = await (await caches.open(PAGES)).match(key);
  if (!kept) return noPage();
  const html = (await kept.text())
    .replace(/<link rel="manifest"[^>]*>/, "")
    .replace("<html", `<html data-kept-at="${kept.headers.get("X-Kept-At")}"`)
    .replace(/(name="uid" value=")[^"]*"/, `$1${crypto.randomUUID()}"`);
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

const noPage = () => plainPage("This page was not seen on this device lately. These open without signal:");
const notDone = () => plainPage("Nothing was sent: do it again when the signal is back. These open without signal:");

async function plainPage(sentence) {
  const files = await (await caches.open(FILES)).keys();
  const style = files.map((file) => file.url).find((url) => url.endsWith(".css")) ?? "";
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>No signal</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${style}"><body class="plain"><main id="main"><h1>No signal</h1>
<p>${sentence}</p>
<ul><li><a href="/today">Today</a></li><li><a href="/log">Log</a></li><li><a href="/leads">My leads</a></li></ul></main>`;
  return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function openPage(event) {
  const key = keyOf(event.request.url);
  const asked = fetch(event.request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  try {
    const answer = await Promise.race([asked, isKept(key) ? late : asked]);
    if (!answer) return (await (await caches.open(PAGES)).match(key)) ? await keptPage(key) : await asked;
    const copy = answer.clone();
    event.waitUntil(inTurn(() => keepPage(key, copy, true)));
    return answer;
  } catch {
    return keptPage(key);
  }
}

/** Files have their content in their address: what is kept is right for ever, and old ones go. */
async function openFile(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await files.put(request, answer.clone());
  return answer;
}

async function keepFiles(addresses) {
  const files = await caches.open(FILES);
  for (const old of await files.keys()) {
    if (!addresses.includes(new URL(old.url).pathname)) await files.delete(old);
  }
  for (const address of addresses) {
    if (!(await files.match(address))) await files.add(address);
  }
}

async function keepPages(addresses) {
  for (const address of addresses) {
    const answer = await fetch(address, { cache: "no-store" });
    await inTurn(() => keepPage(keyOf(address), answer, false));
  }
}

// ---- entries

/** Sends an entry; without signal it is kept, with the time at which it was made. */
async function log(event) {
  const copy = event.request.clone();
  const at = new Date().toISOString();
  try {
    return await fetch(event.request);
  } catch {
    const fields = [...new URLSearchParams(await copy.text())];
    if (fields.some(([name]) => name === "find")) return notDone();
    await putEntry({ person: await fact("person"), at, fields, reason: "" });
    event.waitUntil(self.registration.sync?.register("entries").catch(() => {}));
    return Response.redirect("/today?waiting=1", 303);
  }
}

let sending = Promise.resolve();

/** One after the other, in the order in which they were made, each until the server has it. */
function send() {
  sending = sending.then(sendAll, sendAll);
  return sending;
}

async function sendAll() {
  for (const entry of await myEntries()) {
    const body = new URLSearchParams(entry.fields);
    body.set("at", entry.at);
    body.set("person", entry.person);
    const answer = await fetch("/log/queued", { method: "POST", body, redirect: "manual", cache: "no-store" });
    if (answer.status === 204) {
      await dropEntry(entry.number);
      await setFact("sentAt", Date.now());
    }
    else if (answer.status === 409 || answer.status === 422) {
      await putEntry({ ...entry, reason: await answer.text() });
    } else return;
  }
}

async function tellAll() {
  const entries = (await myEntries()).map(({ number, at, fields, reason }) => ({ number, at, fields, reason }));
  const sentAt = (await fact("sentAt")) ?? 0;
  for (const client of await self.clients.matchAll()) client.postMessage({ entries, sentAt });
}

// ---- events

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(openFile(request));
  else if (request.method === "POST" && request.mode === "navigate") {
    event.respondWith(url.pathname === "/log" ? log(event) : fetch(request).catch(notDone));
  }
  else if (request.method === "GET" && request.mode === "navigate") event.respondWith(openPage(event));
});

self.addEventListener("sync", (event) => event.waitUntil(send().then(tellAll)));

self.addEventListener("message", (event) => {
  const { person, files, pages, drop } = event.data;
  event.waitUntil((async () => {
    if (person) await inTurn(() => meet(person));
    if (drop) await dropEntry(drop);
    await tellAll();
    await send().catch(() => {});
    await tellAll();
    if (files) await keepFiles(files).catch(() => {});
    if (pages) await keepPages(pages).catch(() => {});
  })());
});
