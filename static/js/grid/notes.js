/* What stands under a cell of the entry grid: faults, questions, how it was understood, offers to
   choose from, and the other text when two people changed one row. */
(() => {
  "use strict";

  const g = window.portalGrid;
  if (!g) return;
  const { words } = g;

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

  function mark(cell, isWrong) {
    cell.classList.toggle("has-error", isWrong);
    const field = g.fieldOf(cell);
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  function note(cell, said) {
    const name = cell.dataset.cell;
    const problem = (said.problems || {})[name];
    const question = (said.questions || {})[name];
    const echo = (said.echoes || {})[name];
    mark(cell, Boolean(problem));
    const lines = [];
    if (problem) lines.push(line("error", problem));
    for (const label of ((said.offers || {})[name] || [])) lines.push(choice(cell, label));
    if (question) lines.push(line("ask", question));
    if (echo) lines.push(line("echo", echo));
    if (name === "lead" && said.members && said.members.length) lines.push(members(said.members));
    write(cell, lines);
  }

  // Only a cell about which something is said has notes, and a field they describe.
  function write(cell, lines) {
    const field = g.fieldOf(cell);
    const notes = cell.querySelector(".notes") || document.createElement("div");
    notes.replaceChildren(...lines);
    if (!lines.length) {
      notes.remove();
      field.removeAttribute("aria-describedby");
    } else if (!notes.parentElement) {
      notes.className = "notes";
      notes.id = `n-${g.rowOf(cell).dataset.row}-${cell.dataset.cell}`;
      field.after(notes);
      field.setAttribute("aria-describedby", notes.id);
    }
  }

  function choice(cell, label) {
    return button(label, () => {
      const field = g.fieldOf(cell);
      g.edit(words.textTyped, [[field, label]]);
      field.focus();
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

  // -- two people changed one row: their text beside mine, and a choice for each cell ----------

  const isDisputed = (row) => Boolean(row.querySelector("[data-conflict]"));

  function offer(row, cell, said) {
    const theirs = said.theirs[cell.dataset.cell];
    mark(cell, true);
    cell.dataset.conflict = "";
    write(cell, [
      line("error", `${words.textStored} ${theirs || words.textEmpty}`),
      button(words.textMine, () => settle(row, cell, said.version)),
      button(words.textTheirs, () => {
        g.setValue(g.fieldOf(cell), theirs);
        settle(row, cell, said.version);
      }),
    ]);
  }

  // The row is sent once a choice was made for each of its cells.
  function settle(row, cell, version) {
    delete cell.dataset.conflict;
    mark(cell, false);
    write(cell, []);
    if (isDisputed(row)) return row.querySelector("[data-conflict] .linkbtn").focus();
    row.dataset.version = version;
    g.remember(row, "");
    g.touch(row);
    g.save(row);
  }

  Object.assign(g, { note, offer, isDisputed, button });
})();
