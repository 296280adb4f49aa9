// Before the first paint: the theme and language of the last visit, so that nothing flashes.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem('centralita.theme') || 'system';
    var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
    root.dataset.theme = dark ? 'dark' : 'light';
    root.dataset.contrast = localStorage.getItem('centralita.contrast') === 'more' ? 'more' : 'normal';
    var locale = localStorage.getItem('centralita.locale');
    if (locale) root.lang = locale;
  } catch (storageIsForbidden) {
    root.dataset.theme = 'light';
  }
})();
