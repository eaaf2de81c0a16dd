/* Saves the rows of the entry grid: one when it is left, several in one request, each once at a
   time; what could not be sent stays in its row and is sent again. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { grid, words, tell } = g;

  // -- one row ---------------------------------------------------------------------------------

  const running = new Map();

  function save(row) {
    if (g.isDisputed(row) || !row.isConnected) return Promise.resolve(false);
    if (!g.needsSaving(row)) return Promise.resolve(true);
    if (running.has(row)) return running.get(row).then(() => save(row));
    return hold([row], send(row));
  }

  // While a request runs its rows wait; what is typed meanwhile is saved after it.
  function hold(rows, work) {
    const done = work.finally(() => {
      for (const row of rows) {
        running.delete(row);
        row.removeAttribute("aria-busy");
      }
      g.changed();
    });
    for (const row of rows) {
      running.set(row, done);
      row.setAttribute("aria-busy", "true");
    }
    return done;
  }

  async function send(row) {
    const sent = g.content(row);
    tell(words.textSaving);
    try {
      const data = new FormData();
      for (const [name, value] of Object.entries(g.cellsIn(row))) data.set(name, value);
      data.set("version", row.dataset.version);
      data.set("row_key", row.dataset.rowKey);
      data.set("restores", row.dataset.restores || "");
      if (g.pattern && !row.dataset.pk) data.set("after", g.newPlaces().get(row) || "");
      const answer = await post(row.dataset.saveUrl, data);
      const said = await answer.json();
      if (answer.ok) {
        took(row, said, sent);
        finish(said);
        return true;
      }
      refused(row, said, answer.status);
      unsaved([row], said.message || words.textUnsaved, said.url);
    } catch {
      keep([row]);
    }
    return false;
  }

  // Who signed in again in another window has a new token: the cookie knows it, this page does not.
  function post(url, data) {
    const token = window.portal.token() || document.querySelector("[name=csrfmiddlewaretoken]").value;
    data.set("csrfmiddlewaretoken", token);
    return fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
  }

  function took(row, said, sent) {
    g.remember(row, sent);
    row.dataset.pk = said.pk;
    if (row.dataset.row !== String(said.pk)) g.rename(row, said.pk);
    row.classList.remove("is-new", "is-unsaved");
    delete row.dataset.retry;
    delete row.dataset.restores;
    row.dataset.saveUrl = said.save_url;
    row.dataset.version = said.version;
    const remove = row.querySelector("[data-row-delete]");
    if (remove && said.delete_url) {
      remove.setAttribute("formaction", said.delete_url);
      remove.hidden = false;
    }
    g.number(row, said.number);
    for (const cell of g.cellsOf(row)) g.note(cell, said);
  }

  function finish(said) {
    if (said.numbers) g.renumber(said.numbers);
    summary(said.summary);
    const left = g.body.querySelectorAll(":scope > .is-unsaved").length;
    if (left) tell(`${words.textLeft} ${left}`, "is-late-text");
    else tell(words.textSaved, "k-done");
    const last = g.body.lastElementChild;
    if (g.pattern && (!last || last.dataset.pk)) g.addRow();
  }

  // -- several rows: one request, all or none ---------------------------------------------------

  const MOST = 1000;
  const batchUrl = grid.dataset.saveUrl;

  // Several may wait for the same request, and whoever goes on first has the rows again: to be
  // asked anew after each wait, with no wait between the last answer and `hold`.
  const areBusy = (rows) => rows.some((row) => running.has(row));
  const oneRequest = (rows) => Promise.all(rows.map((row) => running.get(row)));

  // Rows one after the other where the page cannot send them together: their order is kept.
  async function saveMany(rows, gone = []) {
    const wanted = rows.filter((row) => row.isConnected && !g.isDisputed(row));
    while (areBusy([...wanted, ...gone])) await oneRequest([...wanted, ...gone]);
    const due = wanted.filter((row) => g.needsSaving(row));
    const stored = gone.filter((row) => row.dataset.pk);
    if (!batchUrl || (due.length < 2 && !stored.length)) {
      for (const row of due) await save(row);
      return true;
    }
    for (let at = 0; at === 0 || at < due.length; at += MOST) {
      const part = due.slice(at, at + MOST);
      while (areBusy(part)) await oneRequest(part);
      if (!(await hold(part, sendMany(part, at ? [] : stored)))) return false;
    }
    return true;
  }

  // Rows as the server reads them, without their cells.
  function keysOf(rows) {
    const places = g.newPlaces();
    return rows.map((row) => ({
      pk: row.dataset.pk || "",
      version: row.dataset.version,
      row_key: row.dataset.rowKey,
      restores: row.dataset.restores || "",
      after: places.get(row) || "",
    }));
  }

  async function sendMany(rows, gone) {
    const sent = rows.map(g.content);
    const data = new FormData();
    const keys = keysOf(rows).map((key, at) => ({ ...key, cells: g.cellsIn(rows[at]) }));
    data.set("rows", JSON.stringify(keys));
    data.set("deleted", JSON.stringify(keysOf(gone)));
    tell(words.textSaving);
    try {
      const answer = await post(batchUrl, data);
      const said = await answer.json();
      if (answer.ok) {
        rows.forEach((row, index) => took(row, said.rows[index], sent[index]));
        finish(said);
        return true;
      }
      return refusedMany(rows, gone, said, answer.status);
    } catch {
      keep(rows);
      for (const row of gone) putBack(row);
      return false;
    }
  }

  // Nothing was saved. The rows that were refused say why; the others are sent without them.
  function refusedMany(rows, gone, said, status) {
    const told = said.rows || {};
    const faulty = rows.filter((_row, index) => told[index]);
    for (const [index, row] of rows.entries()) {
      if (told[index]) refused(row, told[index], told[index].status);
    }
    for (const row of gone) putBack(row);
    if (said.url) return keep(rows, said), false;
    unsaved(faulty.length ? faulty : rows, said.message || words.textUnsaved);
    if (faulty.length && faulty.length < rows.length && status !== 400) {
      const others = rows.filter((row) => !faulty.includes(row));
      // After this request has let go of its rows.
      setTimeout(() => saveMany(others));
    }
    if (faulty[0]) g.firstField(faulty[0]).focus();
    return false;
  }

  // -- what was refused --------------------------------------------------------------------------

  function refused(row, said, status) {
    if (said.is_gone) return g.makeNew(row);
    for (const cell of g.cellsOf(row)) {
      const name = cell.dataset.cell;
      if (said.refused && said.refused[name]) g.note(cell, { problems: said.refused });
      if (said.theirs && said.theirs[name] !== undefined) g.offer(row, cell, said);
    }
    if (said.url) row.dataset.retry = "";
    if (status === 409 && said.version && !Object.keys(said.theirs || {}).length) {
      row.dataset.version = said.version;
      setTimeout(() => save(row));
    }
  }

  // The network or the session is gone: the rows are sent again when it is back.
  function keep(rows, said = {}) {
    for (const row of rows) row.dataset.retry = "";
    unsaved(rows, said.message || words.textUnsaved, said.url);
  }

  function unsaved(rows, message, signInUrl) {
    for (const row of rows) row.classList.add("is-unsaved");
    tell(message, "is-late-text");
    if (signInUrl) g.state.append(" ", signIn(signInUrl));
    window.portal.toast(message, "late");
  }

  function signIn(url) {
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.textContent = words.textSignIn;
    return link;
  }

  function retry() {
    const waiting = g.rows().filter((row) => "retry" in row.dataset);
    if (waiting.length) saveMany(waiting);
  }
  window.addEventListener("online", retry);
  window.addEventListener("focus", retry);

  // -- deleting ------------------------------------------------------------------------------------

  const places = new WeakMap();

  function takeOut(row) {
    places.set(row, row.nextElementSibling);
    row.remove();
  }

  // Where the row stood, or at the end if its neighbour is gone too.
  function putBack(row) {
    if (row.isConnected) return;
    let next = places.get(row);
    while (next && !next.isConnected) next = places.get(next);
    g.body.insertBefore(row, next || g.body.querySelector(":scope > tr.is-new:last-child"));
  }

  // The rows are gone from the page at once and come back if the server refuses.
  async function removeRows(rows) {
    for (const row of rows) takeOut(row);
    const isDone = batchUrl ? await saveMany([], rows) : await removeEach(rows);
    if (g.pattern && !g.body.querySelector(":scope > tr.is-new")) g.addRow();
    return isDone;
  }

  async function removeEach(rows) {
    for (const row of rows.filter((each) => each.dataset.pk)) {
      while (areBusy([row])) await oneRequest([row]);
      const data = new FormData();
      data.set("version", row.dataset.version);
      const url = row.querySelector("[data-row-delete]").getAttribute("formaction");
      const answer = await post(url, data).catch(() => null);
      const said = answer ? await answer.json().catch(() => ({})) : {};
      if (!answer || !answer.ok) {
        putBack(row);
        unsaved([], said.message || words.textUnsaved);
        return false;
      }
      finish(said);
    }
    return true;
  }

  function summary(html) {
    const old = document.getElementById("grid-summary");
    if (!old || !html) return;
    const made = new DOMParser().parseFromString(html, "text/html").getElementById("grid-summary");
    if (made) old.replaceWith(made);
  }

  // -- a row is saved when it is left ---------------------------------------------------------------

  const leaving = new Map();

  grid.addEventListener("focusout", (event) => {
    const row = g.rowOf(event.target);
    if (!row) return;
    clearTimeout(leaving.get(row));
    // After the focus has arrived where it goes.
    leaving.set(row, setTimeout(() => {
      leaving.delete(row);
      if (!row.contains(document.activeElement)) save(row);
    }));
  });

  window.addEventListener("beforeunload", (event) => {
    if (running.size || g.unsavedRows().length) event.preventDefault();
  });

  Object.assign(g, { save, saveMany, keysOf, removeRows, takeOut, putBack, post, summary, changed() {} });
})();
