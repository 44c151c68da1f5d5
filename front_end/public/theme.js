// Runs before the first paint: a colour scheme that the operator chose wins over the system's.
(function () {
  try {
    var theme = localStorage.getItem('efls.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // A browser that refuses storage shows the system's scheme.
  }
})();
