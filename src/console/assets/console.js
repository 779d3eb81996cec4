// The pages work without this. It keeps what stands on them up to date, and changes the theme in place.

const FEED_EVERY_MS = 1_000;
const PAGE_EVERY_MS = 30_000;
const GO_ON_AFTER_MS = 500;

/** Puts what the server says now of one part of a page in its place. */
async function refresh(part, url) {
  const answer = await fetch(url, { headers: { accept: 'text/html' }, credentials: 'same-origin' });
  // Whoever's session has ended is not left with figures that look like today's.
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const next = page.getElementById(part.id);
  // What somebody is reading with the keyboard stays as it is.
  if (next === null || part.contains(document.activeElement)) return;
  for (const row of next.querySelectorAll('[data-key]')) {
    if (part.querySelector(`[data-key="${CSS.escape(row.dataset.key)}"]`) === null) row.classList.add('new');
  }
  part.replaceChildren(...next.childNodes);
}

function follow(feed) {
  const state = document.getElementById('feed-state');
  let due = false;
  let timer = null;
  const look = () => {
    if (timer !== null) {
      due = true;
      return;
    }
    timer = setTimeout(() => {
      timer = null;
      if (due) look();
      due = false;
    }, FEED_EVERY_MS);
    refresh(feed, feed.dataset.source).catch(() => {});
  };
  const show = (isLive) => {
    if (state === null) return;
    state.dataset.state = isLive ? 'on' : 'off';
    state.textContent = isLive ? state.dataset.on : state.dataset.off;
  };
  const stream = new EventSource(feed.dataset.stream);
  stream.addEventListener('open', () => {
    show(true);
    look();
  });
  stream.addEventListener('error', () => show(false));
  stream.addEventListener('message', look);
  stream.addEventListener('decision', look);
  addEventListener('pagehide', () => stream.close());
}

function refreshWholePage() {
  for (const part of document.querySelectorAll('[data-refresh]')) {
    if (document.visibilityState === 'visible') refresh(part, location.href).catch(() => {});
  }
}

function switchThemes() {
  for (const link of document.querySelectorAll('a[data-theme]')) {
    link.addEventListener('click', async (event) => {
      event.preventDefault();
      const { theme } = link.dataset;
      // The server writes the cookie, and the switch as it is then.
      const answer = await fetch(link.href, { credentials: 'same-origin' });
      if (!answer.ok) return location.assign(link.href);
      document.documentElement.dataset.theme = theme;
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const switches = next.getElementById('themes');
      if (switches !== null) document.getElementById('themes').replaceChildren(...switches.childNodes);
      switchThemes();
      document.querySelector('#themes a')?.focus();
    });
  }
}

/** A search that has found nothing yet looks further back while somebody watches; the filters can be changed meanwhile. */
async function goOn() {
  const next = document.querySelector('a[data-go-on]');
  if (next === null) return;
  if (document.visibilityState !== 'visible') {
    document.addEventListener('visibilitychange', goOn, { once: true });
    return;
  }
  await refresh(document.getElementById('found'), next.href).catch(() => {});
  // The server does not answer, or somebody is about to follow the link.
  if (next.isConnected) return;
  history.replaceState(null, '', next.href);
  setTimeout(goOn, GO_ON_AFTER_MS);
}

// A server behind others does not know by which name people reach it; the browser does.
for (const link of document.querySelectorAll('a[data-whole] code'))
  link.textContent = link.parentElement.href;
for (const feed of document.querySelectorAll('[data-stream]')) follow(feed);
if (document.querySelector('[data-refresh]') !== null) setInterval(refreshWholePage, PAGE_EVERY_MS);
setTimeout(goOn, GO_ON_AFTER_MS);
if (document.querySelector('[data-soon]') !== null) setTimeout(() => location.reload(), 3_000);
switchThemes();
