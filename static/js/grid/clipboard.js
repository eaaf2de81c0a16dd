/* Copies a block of cells as a table, and pastes tables from spreadsheets and documents onto it. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { grid, words } = g;

  // -- tables out of text ------------------------------------------------------------------------

  // Tabs between cells, rows on lines; a cell that has line breaks itself stands in quotes.
  function readText(text) {
    const part = /(?:"((?:[^"]|"")*)"(?=\t|\n|$)|([^\t\n]*))(\t|\n|$)/y;
    const clean = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    const table = [[]];
    while (part.lastIndex < clean.length) {
      const [, quoted, bare, end] = part.exec(clean);
      table.at(-1).push((quoted === undefined ? bare : quoted.replace(/""/g, '"')).trim());
      if (end === "\n") table.push([]);
    }
    return table;
  }

  // -- tables out of HTML, where a cell may have paragraphs and reach over rows and columns ---------

  function readHtml(html) {
    if (!html || !/<table/i.test(html)) return null;
    const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
    const rows = [...table.rows].filter((row) => row.closest("table") === table);
    const found = rows.map(() => []);
    for (const [at, row] of rows.entries()) {
      let column = 0;
      for (const cell of row.cells) {
        while (found[at][column] !== undefined) column += 1;
        const text = textOf(cell);
        // What reaches over several rows holds for each of them.
        for (let down = 0; down < Math.min(cell.rowSpan || 1, rows.length - at); down += 1) {
          for (let right = 0; right < Math.min(cell.colSpan, 60); right += 1) {
            found[at + down][column + right] = right ? "" : text;
          }
        }
      }
    }
    const filled = found.map((row) => [...row].map((text) => text || ""));
    return filled.some((row) => row.length > 1) || filled.length > 1 ? filled : null;
  }

  function textOf(cell) {
    for (const broken of cell.querySelectorAll("br")) broken.replaceWith("\u2028");
    const parts = cell.querySelectorAll("p, div, li");
    const texts = parts.length ? [...parts].filter((part) => !part.querySelector("p, div, li")) : [cell];
    return texts.map((part) => part.textContent.replace(/[ \t\r\n\u00a0]+/g, " ").trim())
      .filter(Boolean).join("\n").replace(/ ?\u2028 ?/g, "\n").trim();
  }

  // -- copying -----------------------------------------------------------------------------------------

  const tickWord = (field) => (field.checked ? words.textYes : words.textNo);
  const written = (cell) => {
    const field = g.fieldOf(cell);
    return g.isTick(field) ? tickWord(field) : field.value;
  };
  const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

  function copy(event) {
    if (!g.isBlock()) return false;
    const table = g.block().map((row) => row.map(written));
    event.preventDefault();
    event.clipboardData.setData("text/plain", table.map((row) => row.map(quoted).join("\t")).join("\n"));
    event.clipboardData.setData("text/html", htmlOf(table));
    return true;
  }

  function htmlOf(table) {
    const made = document.createElement("table");
    for (const row of table) {
      const line = made.insertRow();
      for (const text of row) {
        const cell = line.insertCell();
        text.split("\n").forEach((part, at) => {
          if (at) cell.append(document.createElement("br"));
          cell.append(part);
        });
      }
    }
    return made.outerHTML;
  }

  grid.addEventListener("copy", copy);
  grid.addEventListener("cut", (event) => {
    if (copy(event)) g.clear();
  });

  // -- pasting -----------------------------------------------------------------------------------------

  grid.addEventListener("paste", (event) => {
    const cell = g.cellOf(event.target);
    if (!cell || g.fieldOf(cell) !== event.target) return;
    const text = event.clipboardData.getData("text/plain");
    const html = readHtml(event.clipboardData.getData("text/html"));
    // Several lines are rows in a cell of one line; in the others they may be one long text.
    const isTable = html || text.includes("\t") ||
      (event.target.tagName === "INPUT" && text.trim().includes("\n"));
    if (!isTable && !g.isBlock()) return;
    event.preventDefault();
    paste(cell, html || (isTable ? readText(text) : [[text.trim()]]));
  });

  function paste(cell, table) {
    const cells = g.isBlock() ? g.block() : [[cell]];
    const isOne = table.length === 1 && table[0].length === 1;
    if (isOne) return put(cells.flat().map((each) => [g.fieldOf(each), table[0][0]]));
    const start = cells[0][0];
    const rows = rowsFrom(g.rowOf(start), table.length);
    const first = g.columns().indexOf(start.dataset.cell);
    const over = Math.max(...table.map((row) => row.length)) - (g.columns().length - first);
    if (over > 0) window.portal.toast(`${words.textTooWide} ${over}`, "late");
    return put(rows.flatMap((row, at) => {
      const fields = g.fieldsOf(row).slice(first);
      return table[at].slice(0, fields.length).map((value, index) => [fields[index], value]);
    }));
  }

  function rowsFrom(row, count) {
    const shown = g.shownRows();
    const rows = shown.slice(shown.indexOf(row), shown.indexOf(row) + count);
    return g.pattern ? [...rows, ...g.addRows(count - rows.length)] : rows;
  }

  // A tick takes only words that mean one; whatever else stood in that column is left out.
  function put(pairs) {
    const known = new Map([[words.textYes, "1"], ["x", "1"], ["1", "1"], [words.textNo, ""], ["0", ""]]);
    const wanted = pairs
      .map(([field, text]) => [field, g.isTick(field) ? known.get(text.toLowerCase()) : fit(field, text)])
      .filter(([, value]) => value !== undefined);
    return g.edit(words.textPasted, wanted);
  }

  const fit = (field, text) => (field.tagName === "INPUT" ? text.replace(/\s*\n\s*/g, " ") : text);
})();
