/**
 * What a website runs: draws the form where the script's own line stands and sends the answer. Dependency-free, and written for browsers
 * of ten years ago. It puts texts in as text, never as HTML. Where the company asks for a captcha, the page gives `window.centralitaCaptcha`,
 * a function that answers a token or a promise of one.
 * @param address of the form, as the browser reaches it
 */
export const callbackFormScript = (address: string): string => `(function () {
  var address = ${JSON.stringify(address)};
  var words = ${JSON.stringify(words)};
  var script = document.currentScript;
  var language = (document.documentElement.lang || navigator.language || 'en').toLowerCase();
  var locale = /^zh-(tw|hk|mo|hant)/.test(language) ? 'zh-TW' : /^zh/.test(language) ? 'zh-CN' : /^es/.test(language) ? 'es' : 'en';
  var word = words[locale];
  function make(tag, properties, parent) {
    var element = document.createElement(tag);
    for (var key in properties) element[key] = properties[key];
    if (parent) parent.appendChild(element);
    return element;
  }
  function field(form, name, properties) {
    var label = make('label', {}, form);
    make('span', { textContent: word[name] }, label);
    properties.name = name;
    return make('input', properties, label);
  }
  function localTime(date) {
    return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }
  function load(then) {
    fetch(address, { credentials: 'omit' }).then(function (answer) { if (answer.ok) answer.json().then(then); });
  }
  load(function (is) {
    var form = make('form', { className: 'centralita-callback-form' });
    make('h3', { textContent: is.title[locale] || is.title.en }, form);
    field(form, 'name', { type: 'text', maxLength: 120, autocomplete: 'name' });
    field(form, 'number', { type: 'tel', maxLength: 40, required: true, autocomplete: 'tel' });
    if (is.daysAhead > 0) {
      var now = new Date();
      field(form, 'wishedAt', { type: 'datetime-local', min: localTime(now), max: localTime(new Date(now.getTime() + is.daysAhead * 86400000)) });
    }
    // people do not see it; whoever fills in everything does
    var trap = make('div', {}, form);
    trap.style.cssText = 'position:absolute;left:-10000px;height:1px;overflow:hidden';
    trap.setAttribute('aria-hidden', 'true');
    make('input', { name: 'website', tabIndex: -1, autocomplete: 'off' }, trap);
    var consentText = is.consentText[locale];
    if (consentText) {
      var agree = make('label', { className: 'consent' }, form);
      make('input', { type: 'checkbox', name: 'consent', required: true }, agree);
      make('span', { textContent: consentText }, agree);
    }
    var button = make('button', { type: 'submit', textContent: word.send }, form);
    var message = make('p', {}, form);
    message.setAttribute('role', 'status');
    function say(text) { message.textContent = text; button.disabled = false; }
    function send(captcha, tries) {
      var wished = form.elements['wishedAt'] && form.elements['wishedAt'].value;
      var body = { name: form.elements['name'].value.trim(), number: form.elements['number'].value.trim(), wishedAt: wished ? new Date(wished).toISOString() : null, locale: locale,
        consent: !!(form.elements['consent'] && form.elements['consent'].checked), stamp: is.stamp, website: form.elements['website'].value, page: location.href.slice(0, 2000) };
      var zone = window.Intl && Intl.DateTimeFormat().resolvedOptions().timeZone;
      if (zone) body.timeZone = zone;
      if (captcha) body.captcha = captcha;
      fetch(address, { method: 'POST', credentials: 'omit', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(function (answer) {
        if (answer.ok) { form.textContent = ''; make('p', { textContent: word.thanks }, form).setAttribute('role', 'status'); return; }
        return answer.json().then(function (refused) {
          var error = refused.error || {};
          if (error.code === 'tooFast' && tries > 0) return setTimeout(function () { send(captcha, tries - 1); }, ((error.details || {}).retryAfterSeconds || 1) * 1000);
          if (error.code === 'formExpired' && tries > 0) return load(function (fresh) { is.stamp = fresh.stamp; setTimeout(function () { send(captcha, tries - 1); }, is.minimumSeconds * 1000); });
          if (error.code === 'tooManyForNumber') return say(word.enough);
          say(word[error.field] ? word.wrong + ' ' + word[error.field] : word.failed);
        });
      }).catch(function () { say(word.failed); });
    }
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      button.disabled = true;
      message.textContent = '';
      var asked = is.captcha && typeof window.centralitaCaptcha === 'function' ? window.centralitaCaptcha() : undefined;
      Promise.resolve(asked).then(function (captcha) { send(captcha, 2); }, function () { say(word.failed); });
    });
    script.parentNode.insertBefore(form, script);
  });
})();
`;

const words = {
  es: { name: 'Nombre', number: 'Teléfono', wishedAt: 'Cuándo (si lo prefiere)', consent: 'Consentimiento', send: 'Llámenme', thanks: 'Gracias. Le llamaremos.', wrong: 'Revise:', enough: 'Ya hemos recibido su solicitud. Le llamaremos.', failed: 'No se ha podido enviar. Inténtelo de nuevo.' },
  en: { name: 'Name', number: 'Phone', wishedAt: 'When (if you prefer a time)', consent: 'Consent', send: 'Call me', thanks: 'Thank you. We will call you.', wrong: 'Please check:', enough: 'We have your request already and will call you.', failed: 'That could not be sent. Please try again.' },
  'zh-CN': { name: '姓名', number: '电话', wishedAt: '希望接听的时间（可选）', consent: '同意', send: '请给我回电', thanks: '谢谢，我们会给您回电。', wrong: '请检查：', enough: '我们已收到您的请求，会给您回电。', failed: '提交失败，请重试。' },
  'zh-TW': { name: '姓名', number: '電話', wishedAt: '希望接聽的時間（選填）', consent: '同意', send: '請回電給我', thanks: '謝謝，我們會回電給您。', wrong: '請檢查：', enough: '我們已收到您的要求，會回電給您。', failed: '送出失敗，請再試一次。' },
};
