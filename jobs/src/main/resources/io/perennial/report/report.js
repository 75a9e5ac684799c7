"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;

  const format = (options) => new Intl.NumberFormat(data.locale, options);
  const formats = {
    percent: format({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    percentAxis: format({ style: "percent", maximumFractionDigits: 1 }),
    money: format({ style: "currency", currency: data.currency, maximumFractionDigits: 0 }),
    moneyAxis: format({ style: "currency", currency: data.currency, notation: "compact", maximumFractionDigits: 1 }),
    count: format({ maximumFractionDigits: 0 }),
    countAxis: format({ notation: "compact", maximumFractionDigits: 1 }),
    number: format({ maximumFractionDigits: 0 }),
    numberAxis: format({ maximumFractionDigits: 0 }),
    times: format({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    timesAxis: format({ maximumFractionDigits: 1 }),
  };
  const formatted = (name, value) =>
    value === null || value === undefined || Number.isNaN(value)
      ? "–"
      : formats[name].format(name.startsWith("count") ? Math.abs(value) : value);
  const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => "&#" + c.charCodeAt(0) + ";");
  const rows = (head, lines) =>
    "<b>" + escaped(head) + "</b>" + lines.map((line) => "<br>" + escaped(line)).join("");

  const functions = {
    curve(points) {
      const shown = points.filter((p) => !p.seriesName.startsWith("~"));
      const low = points.find((p) => p.seriesName === "~low");
      const width = points.find((p) => p.seriesName === "~interval");
      const lines = shown.map((p) => p.seriesName + ": " + formatted("percent", p.value[1]));
      if (low && width) {
        lines.push("95 % interval of all cohorts: " + formatted("percent", low.value[1]) + " – "
          + formatted("percent", low.value[1] + width.value[1]));
      }
      return rows("month " + points[0].value[0], lines);
    },
    nextOrder: (points) => rows("within " + formatted("number", points[0].value[0]) + " days",
      points.map((p) => p.seriesName + ": " + formatted("percent", p.value[1]))),
    segment: (point) => rows(point.name, [point.data.summary]),
    segmentLabel: (point) =>
      [point.name, ...(point.data.share < 0.035 ? [] : point.data.summary.split(" · "))].join("\n"),
    calibration: (point) => rows("predicted " + formatted("percent", point.value[0]), [
      "observed " + formatted("percent", point.value[1]), formatted("count", point.value[2]) + " customers"]),
  };
  Object.keys(formats).forEach((name) => { functions[name] = functions[name] || ((value) => formatted(name, value)); });

  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const resolved = (node) => {
    if (Array.isArray(node)) return node.map(resolved);
    if (node === null || typeof node !== "object") return node;
    if (node.$color) return colour(node.$color);
    if (node.$fn) return functions[node.$fn];
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolved(value)]));
  };

  const theme = () => {
    const axis = {
      axisLine: { lineStyle: { color: colour("line") } },
      axisLabel: { color: colour("soft"), fontSize: 11.5, hideOverlap: true },
      nameTextStyle: { color: colour("soft") },
      splitLine: { lineStyle: { color: colour("line") } },
    };
    return {
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: axis,
      legend: { textStyle: { color: colour("ink") }, inactiveColor: colour("faint") },
      tooltip: { backgroundColor: colour("card"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 13 } },
    };
  };

  let drawn = [];
  const draw = (width) => {
    drawn.forEach((chart) => chart.dispose());
    drawn = [...document.querySelectorAll("[data-chart]")].map((element) => {
      const size = width ? { width, height: 215 } : {};
      const chart = echarts.init(element, theme(), { renderer: "svg", ...size });
      const option = resolved(data.charts[element.dataset.chart]);
      if (!width && element.clientWidth < 400 && option.legend) option.grid.top += 22;
      chart.setOption({ animation: false, ...option });
      const svg = element.querySelector("svg");
      svg.setAttribute("aria-hidden", "true");
      if (width) {
        svg.setAttribute("viewBox", "0 0 " + svg.getAttribute("width") + " " + svg.getAttribute("height"));
      }
      return chart;
    });
  };
  draw();
  let lastWidth = root.clientWidth;
  addEventListener("resize", () => {
    if (root.clientWidth !== lastWidth) {
      lastWidth = root.clientWidth;
      drawn.forEach((chart) => chart.resize());
    }
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => draw());

  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", "Colours: " + root.dataset.theme);
    draw();
  });

  // Prints in the light theme, with charts of the paper's width.
  let themeBeforePrint;
  addEventListener("beforeprint", () => {
    themeBeforePrint = root.dataset.theme;
    root.dataset.theme = "light";
    draw(660);
  });
  addEventListener("afterprint", () => {
    if (themeBeforePrint) root.dataset.theme = themeBeforePrint; else delete root.dataset.theme;
    draw();
  });

  // The tooltip of the cohort matrix follows the pointer and the arrow keys.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const live = document.getElementById("heat-live");
  const described = (cell) => {
    const row = cell.parentElement;
    const month = cell.cellIndex - 2;
    const what = cell.closest(".panel").querySelector("caption").textContent.split(" by ")[0];
    const isAverage = row.parentElement.tagName === "TFOOT";
    const lines = [what + ": " + cell.textContent.replace(/[*°]+$/, "")];
    if (cell.dataset.i) lines.push("95 % interval: " + cell.dataset.i);
    lines.push(isAverage ? "average of " + cell.dataset.n
      : "n: " + cell.dataset.n + " with an order, of " + row.cells[1].textContent.replace("°", "") + " customers");
    if (cell.classList.contains("few")) lines.push("few customers: hardly known");
    if (cell.classList.contains("partial")) lines.push("the month is not over yet");
    return [row.cells[0].textContent + ", month " + month, lines];
  };
  const show = (cell, x, y) => {
    const [head, lines] = described(cell);
    tip.innerHTML = rows(head, lines);
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 4)) + "px";
    tip.style.top = Math.max(4, y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18) + "px";
  };
  document.querySelectorAll(".heat").forEach((grid) => {
    let at = null;
    grid.addEventListener("pointermove", (event) => {
      const cell = event.target.closest("td[data-n]");
      if (cell) show(cell, event.clientX, event.clientY); else tip.hidden = true;
    });
    grid.addEventListener("pointerleave", () => { tip.hidden = true; });
    grid.addEventListener("blur", () => {
      tip.hidden = true;
      if (at) at.classList.remove("at");
    });
    grid.addEventListener("keydown", (event) => {
      const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
      if (!step) return;
      event.preventDefault();
      const all = [...grid.querySelectorAll("tbody tr")];
      const row = at ? all.indexOf(at.parentElement) + step[0] : 0;
      const next = at ? all[row] && all[row].cells[at.cellIndex + step[1]] : all[0].cells[2];
      if (!next || !next.dataset.n) return;
      if (at) at.classList.remove("at");
      at = next;
      at.classList.add("at");
      at.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = at.getBoundingClientRect();
      show(at, box.right, box.top);
      const [head, lines] = described(at);
      live.textContent = head + ". " + lines.join(". ");
    });
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll(".definition[open]").forEach((open) => {
      if (!open.contains(event.target)) open.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      tip.hidden = true;
      document.querySelectorAll(".definition[open]").forEach((open) => { open.open = false; });
    }
  });

  const links = new Map([...document.querySelectorAll("nav a")].map((a) => [a.hash.slice(1), a]));
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (entry.isIntersecting) {
      links.forEach((a) => a.classList.remove("here"));
      links.get(entry.target.id).classList.add("here");
    }
  }), { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll("main section").forEach((section) => seen.observe(section));
})();
