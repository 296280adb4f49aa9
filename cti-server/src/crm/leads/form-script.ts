/**
 * What a website runs: draws the form where the script's own line stands and sends the answer. Dependency-free, and written for browsers
 * of ten years ago. It puts texts in as text, never as HTML.
 * @param address of the form, as the browser reaches it
 */
export const formScript = (address: string): string => `(function () {
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
  function load(then) {
    fetch(address, { credentials: 'omit' }).then(function (answer) { if (answer.ok) answer.json().then(then); });
  }
  load(function (is) {
    var form = make('form', { className: 'centralita-lead-form', noValidate: false });
    make('h3', { textContent: is.title[locale] || is.title.en }, form);
    is.fields.forEach(function (field) {
      var label = make('label', {}, form);
      make('span', { textContent: word[field.key] }, label);
      var types = { email: 'email', phone: 'tel' };
      make(field.key === 'notes' ? 'textarea' : 'input', { name: field.key, required: field.required, type: types[field.key] || 'text', maxLength: field.key === 'country' ? 2 : field.key === 'notes' ? 5000 : 200 }, label);
    });
    // people do not see it; whoever fills in everything does
    var trap = make('div', { ariaHidden: 'true' }, form);
    trap.style.cssText = 'position:absolute;left:-10000px;height:1px;overflow:hidden';
    trap.setAttribute('aria-hidden', 'true');
    make('input', { name: 'website', tabIndex: -1, autocomplete: 'off' }, trap);
    if (is.consentText) {
      var agree = make('label', { className: 'consent' }, form);
      make('input', { type: 'checkbox', name: 'consent', required: true }, agree);
      make('span', { textContent: is.consentText }, agree);
    }
    var button = make('button', { type: 'submit', textContent: word.send }, form);
    var message = make('p', {}, form);
    message.setAttribute('role', 'status');
    function say(text) { message.textContent = text; button.disabled = false; }
    function send(tries) {
      var fields = {};
      is.fields.forEach(function (field) { var value = form.elements[field.key].value.trim(); if (value) fields[field.key] = value; });
      var captcha = form.elements['captcha'] && form.elements['captcha'].value;
      var body = { fields: fields, consent: !!(form.elements['consent'] && form.elements['consent'].checked), stamp: is.stamp, website: form.elements['website'].value, page: location.href.slice(0, 2000) };
      if (captcha) body.captcha = captcha;
      fetch(address, { method: 'POST', credentials: 'omit', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(function (answer) {
        if (answer.ok) { form.textContent = ''; make('p', { textContent: word.thanks }, form).setAttribute('role', 'status'); return; }
        return answer.json().then(function (refused) {
          var error = refused.error || {};
          if (error.code === 'tooFast' && tries > 0) return setTimeout(function () { send(tries - 1); }, ((error.details || {}).retryAfterSeconds || 1) * 1000);
          if (error.code === 'formExpired' && tries > 0) return load(function (fresh) { is.stamp = fresh.stamp; setTimeout(function () { send(tries - 1); }, is.minimumSeconds * 1000); });
          var field = (error.field || '').replace('fields.', '');
          say(word[field] ? word.wrong + ' ' + word[field] : word.failed);
        });
      }).catch(function () { say(word.failed); });
    }
    form.addEventListener('submit', function (event) { event.preventDefault(); button.disabled = true; message.textContent = ''; send(2); });
    script.parentNode.insertBefore(form, script);
  });
})();
`;

const words = {
  es: { name: 'Nombre', company: 'Empresa', phone: 'Teléfono', email: 'Correo electrónico', city: 'Ciudad', country: 'País (código)', notes: 'Mensaje', send: 'Enviar', thanks: 'Gracias. Le responderemos pronto.', wrong: 'Revise:', failed: 'No se ha podido enviar. Inténtelo de nuevo.' },
  en: { name: 'Name', company: 'Company', phone: 'Phone', email: 'E-mail', city: 'City', country: 'Country (code)', notes: 'Message', send: 'Send', thanks: 'Thank you. We will answer soon.', wrong: 'Please check:', failed: 'That could not be sent. Please try again.' },
  'zh-CN': { name: '姓名', company: '公司', phone: '电话', email: '电子邮箱', city: '城市', country: '国家代码', notes: '留言', send: '提交', thanks: '谢谢，我们会尽快与您联系。', wrong: '请检查：', failed: '提交失败，请重试。' },
  'zh-TW': { name: '姓名', company: '公司', phone: '電話', email: '電子郵件', city: '城市', country: '國家代碼', notes: '留言', send: '送出', thanks: '謝謝，我們會盡快與您聯繫。', wrong: '請檢查：', failed: '送出失敗，請再試一次。' },
};
