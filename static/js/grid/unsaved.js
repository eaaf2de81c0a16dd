/* Keeps what stands in cells that were not left yet: on the server for this person, in this browser
   while the network is gone; and offers it when the page is opened again. */
(() => {
  "use strict";

  const g = window.portalGrid;
  const url = g && g.grid.dataset.unsavedUrl;
  if (!url) return;
  const { grid, words } = g;
  const SERVER_MS = 2000;
  const LOCAL_MS = 400;
  const KEPT_DAYS = 30;
  const key = `grid:${document.body.dataset.user}:${grid.dataset.plan}`;

  const local = {
    get() {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    set(value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full: the server has it */ }
    },
    remove() {
      try { localStorage.removeItem(key); } catch { /* as above */ }
    },
  };

  // -- keeping --------------------------------------------------------------------------------------

  // What was offered and not yet decided on stays kept beside what is typed now.
  function collect() {
    const rows = typed();
    const waiting = offered ? offered.rows.map(({ differs, ...row }) => row) : [];
    return [...rows, ...waiting.filter(({ pk }) => !pk || !rows.some((row) => row.pk === String(pk)))];
  }

  function typed() {
    const rows = g.unsavedRows();
    return g.keysOf(rows).map((key, at) => ({ ...key, cells: g.unsavedCells(rows[at]) }))
      .filter(({ cells }) => Object.keys(cells).length);
  }

  let localTimer = 0;
  let serverTimer = 0;
  let kept = "[]";
  let offered = null;

  function keepLocal() {
    localTimer = 0;
    const rows = collect();
    if (rows.length) local.set({ at: new Date().toISOString(), rows });
    else local.remove();
  }

  async function keepOnServer() {
    serverTimer = 0;
    const rows = JSON.stringify(collect());
    if (rows === kept) return;
    const data = new FormData();
    data.set("rows", rows);
    const answer = await g.post(url, data).catch(() => null);
    if (answer && answer.ok) kept = rows;
  }

  // While somebody types without a pause it is still kept every two seconds.
  function soon() {
    if (!localTimer) localTimer = setTimeout(keepLocal, LOCAL_MS);
    if (!serverTimer) serverTimer = setTimeout(keepOnServer, SERVER_MS);
  }

  grid.addEventListener("input", soon);
  g.changed = soon;

  // The page is closed or left for another window: what is typed goes along at once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || (!localTimer && !serverTimer)) return;
    keepLocal();
    const rows = JSON.stringify(collect());
    if (rows === kept || rows === "[]") return;
    const data = new FormData();
    data.set("rows", rows);
    data.set("csrfmiddlewaretoken", window.portal.token() || "");
    navigator.sendBeacon(url, data);
  });

  // -- offering ----------------------------------------------------------------------------------------

  const notice = document.getElementById("grid-unsaved");

  const rowOfKey = (pk) => pk && g.body.querySelector(`:scope > tr[data-pk="${CSS.escape(String(pk))}"]`);

  // What differs from what is stored now; a row that says the same was saved after all.
  function differing({ pk, cells }) {
    const row = rowOfKey(pk);
    const now = row ? g.cellsIn(row) : {};
    return Object.entries(cells).filter(([name, value]) => name in g.cellsIn(g.body.rows[0]) &&
      value !== (row ? now[name] : ""));
  }

  function offer() {
    const server = JSON.parse(document.getElementById("grid-unsaved-rows").textContent || "{}");
    const here = local.get();
    const isNewer = (one, other) => !other || !other.at || Date.parse(one.at) > Date.parse(other.at);
    const draft = here && here.rows && isNewer(here, server) ? here : server;
    if (!draft.at) return;
    if (draft === server) kept = "";
    const isOld = Date.now() - Date.parse(draft.at) > KEPT_DAYS * 864e5;
    // Without the tick that every new row has, what says nothing is nothing.
    const rows = isOld ? [] : draft.rows.map((row) => ({ ...row, differs: differing(row) }))
      .filter(({ pk, differs }) => differs.some(([name]) => pk || name !== "needs_evidence"));
    if (!rows.length) return forget();
    offered = { at: draft.at, rows };
    showNotice();
  }

  function showNotice() {
    const { textLead, textRow, textNew, textTake, textDrop } = notice.dataset;
    const at = new Date(offered.at);
    const two = (number) => String(number).padStart(2, "0");
    const lead = document.createElement("p");
    lead.textContent = `${textLead} ${two(at.getHours())}:${two(at.getMinutes())} ` +
      `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`;
    const list = document.createElement("ul");
    for (const { pk, differs } of offered.rows.slice(0, 5)) {
      const item = document.createElement("li");
      const row = rowOfKey(pk);
      const texts = differs.filter(([name]) => name !== "needs_evidence").map(([, value]) => value);
      item.textContent = `${row ? `${textRow} ${g.numberOf(row)}` : textNew}: “${texts.join(" · ").slice(0, 160)}”`;
      list.append(item);
    }
    const box = document.createElement("div");
    box.append(lead, list);
    notice.replaceChildren(box, g.button(textTake, take), g.button(textDrop, drop));
    notice.hidden = false;
  }

  function close() {
    offered = null;
    notice.hidden = true;
    notice.replaceChildren();
  }

  function forget() {
    close();
    local.remove();
    if (kept !== "[]") soon();
  }

  function drop() {
    forget();
    g.firstField(g.body.rows[0]).focus();
  }

  // Over a text that somebody saved since, both are shown; what nobody touched is simply taken.
  function take() {
    const { rows } = offered;
    close();
    const pairs = [];
    const disputed = [];
    for (const { pk, version, after, differs } of rows) {
      const known = rowOfKey(pk);
      const row = known || g.addRow(rowOfKey(after) || undefined);
      const fields = differs.map(([name, value]) => [g.fieldAt(row, name), value]);
      const isNewer = known && row.dataset.version !== String(version);
      if (isNewer) disputed.push([row, fields, version]);
      else pairs.push(...fields);
    }
    for (const each of disputed) dispute(...each);
    const first = pairs[0] || disputed[0][1][0];
    g.edit(words.textTaken, pairs).then(soon);
    g.goTo(first[0]);
  }

  function dispute(row, fields, typedOver) {
    const theirs = g.cellsIn(row);
    const { version } = row.dataset;
    // Until it is settled the row stays one that was typed over an older text.
    row.dataset.version = typedOver || "";
    for (const [field, value] of fields) {
      if (g.isTick(field)) continue;
      g.setValue(field, value);
      g.touch(row);
      g.offer(row, g.cellOf(field), { theirs, version });
    }
  }

  Object.assign(g, { offerUnsaved: offer });
})();
