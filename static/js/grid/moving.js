/* Puts rows of the entry grid in another order, and new rows between others. A row moves on the page
   at once; what was moved within a moment is sent together. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { grid, words } = g;
  const moveUrl = grid.dataset.moveUrl;

  // -- where rows stand ------------------------------------------------------------------------

  // The row below which each stands; null is the top.
  const standing = (rows) => rows.map((row) => [row, row.previousElementSibling]);

  function place(pairs) {
    for (const [row, above] of pairs) {
      if (!row.isConnected || (above && !above.isConnected)) continue;
      g.body.insertBefore(row, above ? above.nextElementSibling : g.body.firstElementChild);
    }
  }

  // Moving a row takes the cursor out of it for a moment.
  function keepingCursor(act) {
    const field = document.activeElement;
    const [start, end] = [field.selectionStart, field.selectionEnd];
    act();
    if (document.activeElement === field || !field.isConnected) return;
    field.focus({ preventScroll: true });
    if (typeof start === "number") field.setSelectionRange(start, end);
    field.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function arrange(pairs) {
    keepingCursor(() => place(pairs));
    sendSoon(pairs.map(([row]) => row));
  }

  // Rows that are moved stay together, in their order, behind `above`.
  function moveBehind(rows, above) {
    const before = standing(rows);
    const pairs = rows.map((row, at) => [row, at ? rows[at - 1] : above]);
    if (pairs.every(([row, wanted]) => row.previousElementSibling === wanted)) return;
    arrange(pairs);
    g.push({ label: words.textMoved, stood: { rows, before, after: standing(rows) } });
    g.say(`${words.textMoved} ${g.numberOf(rows[0])}`);
  }

  // The rows that move with this one: all that are picked, if it is one of them.
  function movedWith(row) {
    const picked = g.pickedRows();
    const rows = picked.includes(row) ? picked : [row];
    return rows.filter((each) => each.dataset.pk || !g.isBlank(each));
  }

  function step(row, by) {
    if (!moveUrl) return;
    const rows = movedWith(row);
    if (!rows.length) return;
    const beyond = g.beside(by < 0 ? rows[0] : rows.at(-1), by);
    // The empty row stays last.
    if (!beyond || (!beyond.dataset.pk && g.isBlank(beyond))) return;
    moveBehind(rows, by < 0 ? beyond.previousElementSibling : beyond);
  }

  // -- telling the server ----------------------------------------------------------------------------

  const moved = new Set();
  let timer = 0;
  let sending = Promise.resolve();

  function sendSoon(rows) {
    for (const row of rows) moved.add(row);
    clearTimeout(timer);
    timer = setTimeout(() => { sending = sending.then(send); }, 300);
  }

  // Rows that stand together are one request.
  async function send() {
    const rows = g.rows().filter((row) => moved.has(row) && row.dataset.pk);
    moved.clear();
    const runs = [];
    for (const row of rows) {
      const last = runs.at(-1);
      if (last && last.at(-1) === row.previousElementSibling) last.push(row);
      else runs.push([row]);
    }
    for (const [at, run] of runs.entries()) {
      if (!(await sendRun(run))) {
        for (const row of runs.slice(at).flat()) moved.add(row);
        return;
      }
    }
  }

  async function sendRun(run) {
    const data = new FormData();
    for (const row of run) data.append("task", row.dataset.pk);
    data.set("after", g.storedAbove(run[0]));
    g.tell(words.textSaving);
    try {
      const answer = await g.post(moveUrl, data);
      const said = await answer.json();
      if (said.numbers) follow(said.numbers, !answer.ok);
      g.summary(said.summary);
      if (answer.ok) g.tell(words.textSaved, "k-done");
      else fail(said.message);
      return answer.ok || Boolean(said.numbers);
    } catch {
      fail();
      return false;
    }
  }

  function fail(message) {
    g.tell(message || words.textUnsaved, "is-late-text");
    window.portal.toast(message || words.textUnsaved, "late");
  }

  // Refused: the rows go where the server has them; rows not yet stored stay below theirs.
  function follow(numbers, isRefused) {
    g.renumber(numbers);
    if (!isRefused) return;
    const stored = g.rows().filter((row) => numbers[row.dataset.pk]);
    stored.sort((one, other) => numbers[one.dataset.pk] - numbers[other.dataset.pk]);
    keepingCursor(() => place(stored.map((row, at) => [row, at ? stored[at - 1] : null])));
  }

  window.addEventListener("online", () => sendSoon([]));
  window.addEventListener("beforeunload", (event) => {
    if (moved.size) event.preventDefault();
  });

  // -- keys and buttons ---------------------------------------------------------------------------------

  function insertBelow(row) {
    if (!g.pattern || (!row.dataset.pk && g.isBlank(row))) return;
    const below = row.nextElementSibling;
    const isThere = below && !below.dataset.pk && g.isBlank(below);
    g.goTo(g.firstField(isThere ? below : g.addRow(row)));
  }

  grid.addEventListener("keydown", (event) => {
    const row = g.rowOf(event.target);
    if (!row || event.defaultPrevented || event.isComposing || event.metaKey) return;
    if (event.altKey && !event.ctrlKey && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      step(row, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.ctrlKey && !event.altKey && event.key === "Enter") {
      event.preventDefault();
      insertBelow(row);
    }
  });

  grid.addEventListener("click", (event) => {
    const mover = event.target.closest("[data-row-step]");
    const inserter = event.target.closest("[data-row-insert]");
    if (!mover && !inserter) return;
    event.preventDefault();
    if (mover) step(g.rowOf(mover), Number(mover.dataset.rowStep));
    else insertBelow(g.rowOf(inserter));
  });

  // -- the mouse: a row is drawn by its number ------------------------------------------------------------

  let drawn = [];
  let mark = null;

  grid.addEventListener("dragstart", (event) => {
    const row = event.target.closest && event.target.closest(".row-no") && g.rowOf(event.target);
    drawn = row ? movedWith(row) : [];
    if (!drawn.length) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });

  const isUpperHalf = (event, row) => {
    const at = row.getBoundingClientRect();
    return event.clientY < at.top + at.height / 2;
  };

  function showMark(row, className) {
    if (mark) mark.classList.remove("drop-above", "drop-below");
    mark = row;
    if (row) row.classList.add(className);
  }

  grid.addEventListener("dragover", (event) => {
    const row = drawn.length && g.rowOf(event.target);
    if (!row || drawn.includes(row)) return;
    event.preventDefault();
    showMark(row, isUpperHalf(event, row) ? "drop-above" : "drop-below");
  });

  grid.addEventListener("drop", (event) => {
    const row = drawn.length && g.rowOf(event.target);
    if (!row || drawn.includes(row)) return;
    event.preventDefault();
    const isAbove = isUpperHalf(event, row) || (!row.dataset.pk && g.isBlank(row));
    let above = isAbove ? row.previousElementSibling : row;
    while (above && drawn.includes(above)) above = above.previousElementSibling;
    moveBehind(drawn, above);
  });

  grid.addEventListener("dragend", () => {
    drawn = [];
    showMark(null);
  });

  Object.assign(g, { arrange });
})();
