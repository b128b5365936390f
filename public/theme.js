// Before anything is painted, so that a dark room stays dark. The app's own switch is app/ui/theme.ts.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('heddle.theme');
  } catch (error) {
    // Storage may be forbidden; the system's theme holds.
  }
  var isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
