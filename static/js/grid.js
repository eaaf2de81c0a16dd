/* The entry grid: keys, a save per row when it is left, notes under the cells. No words of its own. */
(() => {
  "use strict";

  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const state = document.getElementById("grid-state");
  const words = state.dataset;
  const body = grid.tBodies[0];
  const pattern = body.lastElementChild.cloneNode(true);

  const rowOf = (element) => element.closest("tr[data-row]");
  const rows = () => [...body.querySelectorAll("tr[data-row]")];
  const fieldsOf = (row) => [...row.querySelectorAll("[data-cell] input, [data-cell] textarea")];
  const mainForm = (row) => row.querySelector("form:not([data-row-delete])");

  // -- rows -------------------------------------------------------------------------------

  function addRow() {
    const row = pattern.cloneNode(true);
    rename(row, `moi${Date.now().toString(36)}`);
    row.querySelector("[name=row_key]").value = newKey();
    body.append(row);
    return row;
  }

  // The ids of a row's cells carry its key, so that links find them.
  function rename(row, key) {
    const old = new RegExp(`(^|-)${row.dataset.row}(?=-|$)`);
    for (const element of [row, ...row.querySelectorAll("[id], [form], [aria-describedby]")]) {
      for (const name of ["id", "form", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(old, `$1${key}`));
      }
    }
    row.dataset.row = key;
  }

  // crypto.randomUUID exists only on https; the portal also runs on http://127.0.0.1 and in halls
  // without certificates.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  const isBlank = (row) => fieldsOf(row).every((field) =>
    field.type === "checkbox" || !field.value.trim());
  const content = (row) => JSON.stringify(fieldsOf(row).map((field) =>
    field.type === "checkbox" ? field.checked : field.value));

  function remember(row) { row.dataset.saved = content(row); }
  const isDirty = (row) => row.dataset.saved !== undefined && row.dataset.saved !== content(row);

  // -- saving: one request per row at a time; what is typed meanwhile is saved after it --------

  const running = new Map();

  const isDisputed = (row) => Boolean(row.querySelector("[data-conflict]"));

  function save(row) {
    if (isDisputed(row)) return Promise.resolve(false);
    if (!isDirty(row) || (!row.dataset.pk && isBlank(row))) return Promise.resolve(true);
    if (running.has(row)) return running.get(row).then(() => save(row));
    const work = send(row).finally(() => running.delete(row));
    running.set(row, work);
    return work;
  }

  async function send(row) {
    const form = mainForm(row);
    const sent = content(row);
    tell(words.textSaving);
    row.setAttribute("aria-busy", "true");
    try {
      const answer = await post(form);
      const said = await answer.json();
      if (answer.ok) {
        took(row, said, sent);
        return true;
      }
      refused(row, said, answer.status);
    } catch {
      row.dataset.retry = "";
      unsaved(row, words.textUnsaved);
    } finally {
      row.removeAttribute("aria-busy");
    }
    return false;
  }

  // Who signed in again in another window has a new token: the cookie knows it, this page does not.
  function post(form) {
    const body = new FormData(form);
    body.set("csrfmiddlewaretoken", window.portal.token() || body.get("csrfmiddlewaretoken"));
    return fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  }

  function took(row, said, sent) {
    const form = mainForm(row);
    row.dataset.saved = sent;
    row.dataset.pk = said.pk;
    rename(row, said.pk);
    row.classList.remove("is-new", "is-unsaved");
    delete row.dataset.retry;
    form.action = said.save_url;
    form.version.value = said.version;
    const remove = row.querySelector("[data-row-delete]");
    remove.action = said.delete_url;
    remove.version.value = said.version;
    remove.hidden = false;
    row.querySelector("th").textContent = said.number;
    for (const cell of row.querySelectorAll("[data-cell]")) note(cell, said);
    summary(said.summary);
    tell(words.textSaved, "k-done");
    if (row === rows().at(-1)) remember(addRow());
  }

  function refused(row, said, status) {
    unsaved(row, said.message || words.textUnsaved);
    if (said.is_gone) return makeNew(row);
    if (said.url) {
      row.dataset.retry = "";
      state.append(" ", signIn(said.url));
    }
    for (const cell of row.querySelectorAll("[data-cell]")) {
      const name = cell.dataset.cell;
      if (said.refused && said.refused[name]) note(cell, { problems: said.refused });
      if (said.theirs && said.theirs[name] !== undefined) offer(row, cell, said);
    }
    if (status === 409 && said.version && !Object.keys(said.theirs || {}).length) {
      mainForm(row).version.value = said.version;
      save(row);
    }
  }

  function unsaved(row, message) {
    row.classList.add("is-unsaved");
    tell(message, "is-late-text");
    window.portal.toast(message, "late");
  }

  function signIn(url) {
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.textContent = words.textSignIn;
    return link;
  }

  // A colleague deleted this row: what was typed is sent again as a new one.
  function makeNew(row) {
    const form = mainForm(row);
    delete row.dataset.pk;
    rename(row, `moi${Date.now().toString(36)}`);
    row.classList.add("is-new");
    row.dataset.saved = "";
    row.querySelector("th").textContent = "+";
    row.querySelector("[data-row-delete]").hidden = true;
    form.action = mainForm(pattern).action;
    form.version.value = "";
    form.row_key.value = newKey();
  }

  // The network is back, or somebody signed in again in another window.
  function retry() {
    for (const row of rows()) if ("retry" in row.dataset) save(row);
  }
  window.addEventListener("online", retry);
  window.addEventListener("focus", retry);

  // -- notes under a cell ---------------------------------------------------------------------

  function note(cell, said) {
    const name = cell.dataset.cell;
    const notes = cell.querySelector(".notes");
    if (!notes) return;
    const problem = (said.problems || {})[name];
    const echo = (said.echoes || {})[name];
    cell.classList.toggle("has-error", Boolean(problem));
    notes.replaceChildren();
    if (problem) notes.append(line("error", problem));
    for (const label of ((said.offers || {})[name] || [])) notes.append(choice(cell, label));
    const question = (said.questions || {})[name];
    if (question) notes.append(line("ask", question));
    if (echo) notes.append(line("echo", echo));
    if (name === "lead" && said.members && said.members.length) notes.append(members(said.members));
  }

  function line(className, text) {
    const paragraph = document.createElement("p");
    paragraph.className = className;
    paragraph.textContent = text;
    return paragraph;
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "linkbtn";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function choice(cell, label) {
    const field = cell.querySelector("input, textarea");
    return button(label, () => {
      field.value = label;
      field.focus();
      save(rowOf(cell));
    });
  }

  function members(names) {
    const details = document.createElement("details");
    details.className = "disclosure";
    const head = document.createElement("summary");
    head.textContent = words.textMembers;
    const list = document.createElement("ul");
    for (const name of names) {
      const item = document.createElement("li");
      item.textContent = name;
      list.append(item);
    }
    details.append(head, list);
    return details;
  }

  // Two people changed one row: their text beside mine, and a choice for each cell.
  function offer(row, cell, said) {
    const field = cell.querySelector("input, textarea");
    const notes = cell.querySelector(".notes");
    cell.classList.add("has-error");
    const theirs = said.theirs[cell.dataset.cell];
    cell.dataset.conflict = "";
    notes.replaceChildren(
      line("error", `${words.textStored} ${theirs || words.textEmpty}`),
      button(words.textMine, () => settle(row, cell, said.version)),
      button(words.textTheirs, () => {
        field.value = theirs;
        settle(row, cell, said.version);
      }),
    );
  }

  // The row is sent once a choice was made for each of its cells.
  function settle(row, cell, version) {
    delete cell.dataset.conflict;
    cell.classList.remove("has-error");
    cell.querySelector(".notes").replaceChildren();
    if (isDisputed(row)) return row.querySelector("[data-conflict] .linkbtn").focus();
    mainForm(row).version.value = version;
    row.dataset.saved = "";
    save(row);
  }

  function summary(html) {
    const old = document.getElementById("grid-summary");
    if (!old || !html) return;
    const made = new DOMParser().parseFromString(html, "text/html").getElementById("grid-summary");
    if (made) old.replaceWith(made);
  }

  function tell(text, className = "") {
    state.textContent = text || "";
    state.className = `sm ${className}`.trim();
  }

  // -- keys ---------------------------------------------------------------------------------

  function cellAt(row, cell) {
    const name = cell.dataset.cell;
    return row && row.querySelector(`[data-cell="${name}"] input, [data-cell="${name}"] textarea`);
  }

  function goTo(row, cell) {
    const field = cellAt(row, cell);
    if (!field) return;
    field.focus();
    if (field.select) field.select();
  }

  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    const row = cell && rowOf(cell);
    if (!row || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
    const all = rows();
    const at = all.indexOf(row);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (at === all.length - 1 && !isBlank(row)) remember(addRow());
      // A new row begins at its first cell, a step down stays in its column.
      const below = rows()[at + 1];
      if (below && !below.dataset.pk) below.querySelector("[data-cell] input").focus();
      else goTo(below, cell);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const field = event.target;
      const isInside = field.tagName === "TEXTAREA" && field.value.includes("\n");
      if (isInside || event.altKey) return;
      event.preventDefault();
      goTo(all[at + (event.key === "ArrowDown" ? 1 : -1)], cell);
    }
  });

  // -- paste: a table copied from a document fills cells to the right and rows below ----------

  // Tabs between cells, rows on lines; a cell that has line breaks itself stands in quotes.
  function readTable(text) {
    const part = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
    const clean = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    const table = [[]];
    while (part.lastIndex < clean.length) {
      const [, quoted, bare, end] = part.exec(clean);
      table.at(-1).push((quoted === undefined ? bare : quoted.replace(/""/g, '"')).trim());
      if (end === "\n") table.push([]);
    }
    return table;
  }

  grid.addEventListener("paste", async (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData.getData("text/plain");
    // Several lines are rows in a cell of one line; in the others they may be one long text.
    const isTable = text.includes("\t") || (event.target.tagName === "INPUT" && text.trim().includes("\n"));
    if (!cell || !isTable) return;
    event.preventDefault();
    const table = readTable(text);
    const start = rows().indexOf(rowOf(cell));
    while (rows().length < start + table.length) remember(addRow());
    const filled = rows().slice(start, start + table.length);
    const changes = filled.flatMap((row, index) => changesOf(row, cell, table[index]));
    const isOver = changes.some(([field, value]) => field.value.trim() && field.value !== value);
    if (isOver && !(await window.portal.ask(words.textPaste))) return;
    for (const [field, value] of changes) {
      field.value = value;
      if (field.tagName === "TEXTAREA") grow(field);
    }
    // One after the other: the order of saving is the order of the rows.
    for (const row of filled) await save(row);
  });

  function changesOf(row, cell, values) {
    const fields = fieldsOf(row).filter((field) => field.type !== "checkbox");
    const first = fields.findIndex((field) => field.name === cell.dataset.cell);
    return values.map((value, index) => [fields[first + index], value]).filter(([field]) => field);
  }

  const leaving = new Map();

  grid.addEventListener("focusout", (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    clearTimeout(leaving.get(row));
    // After the focus has arrived where it goes.
    leaving.set(row, setTimeout(() => {
      if (!row.contains(document.activeElement)) save(row);
    }));
  });

  grid.addEventListener("submit", (event) => {
    const row = rowOf(event.target);
    event.preventDefault();
    event.stopPropagation();
    delete event.target.dataset.isSending;
    if (event.target.hasAttribute("data-row-delete")) remove(row);
    else save(row);
  });

  async function remove(row) {
    if (row.dataset.pk && !(await window.portal.ask(words.textDelete))) return;
    const form = row.querySelector("[data-row-delete]");
    const answer = await post(form).catch(() => null);
    if (!answer || !answer.ok) {
      const said = answer ? await answer.json().catch(() => ({})) : {};
      return tell(said.message || words.textUnsaved, "is-late-text");
    }
    const next = row.nextElementSibling;
    row.remove();
    summary((await answer.json()).summary);
    if (next) next.querySelector("[data-cell] input").focus();
  }

  // Text areas grow with what they hold.
  function grow(field) {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
  grid.addEventListener("input", (event) => {
    if (event.target.tagName === "TEXTAREA") grow(event.target);
  });

  // -- start --------------------------------------------------------------------------------

  for (const row of rows()) {
    const key = row.dataset.row;
    if (/^\d+$/.test(key)) row.dataset.pk = key;
    remember(row);
  }
  for (const field of grid.querySelectorAll("textarea")) grow(field);
  for (const save of grid.querySelectorAll("[data-row-save]")) save.hidden = true;
  pattern.querySelector("[data-row-save]").hidden = true;
  const add = document.querySelector("[data-grid-add]");
  add.hidden = false;
  add.addEventListener("click", () => {
    const last = rows().at(-1);
    const row = isBlank(last) ? last : addRow();
    if (row !== last) remember(row);
    row.querySelector("[data-cell] input").focus();
  });

  window.addEventListener("beforeunload", (event) => {
    if (rows().some((row) => isDirty(row) && !(isBlank(row) && !row.dataset.pk))) event.preventDefault();
  });

  // A link to a cell (from the list of what is missing) puts the cursor into it.
  function follow() {
    const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (field && grid.contains(field) && field.focus) field.focus();
  }
  window.addEventListener("hashchange", follow);
  // A second press on the same link does not change the hash.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#grid-summary a");
    if (link && link.hash === location.hash) setTimeout(follow);
  });
  follow();
  if (!location.hash && rows().length === 1) rows()[0].querySelector("[data-cell] input").focus();
})();
