// A tablet at the door: whoever comes in holds a card before the reader, which types
// like a keyboard, and says what they want. Nothing of it stays on the page.

import { make, say } from "/assets/dom.js";
import { sure } from "/assets/sure.js";

// What was typed and not sent is gone after so long, and what was answered, ms.
const KEPT = 30_000;

const WORDS = {
  vi: {
    language: "Tiếng Việt",
    title: "Không muốn ưu đãi riêng?",
    told: "Đưa thẻ thành viên vào máy đọc, hoặc gõ mã số trên thẻ.",
    card: "Mã số thẻ thành viên",
    withdraw: "Rút lại sự đồng ý",
    forget: "Xóa tôi khỏi cửa hàng này",
    question: "Xóa mọi dữ liệu của bạn?",
    explanation: "Khóa và hồ sơ của bạn bị hủy ngay. Không thể lấy lại.",
    yes: "Xóa",
    withdrawn: "Xong. Từ bây giờ bạn không còn được nhận ra ở đây. Muốn tham gia lại, xin hỏi quầy.",
    forgotten: "Xong. Dữ liệu của bạn ở cửa hàng này đã bị hủy.",
    nobody: "Thẻ này không được đăng ký ở đây: không có gì được lưu.",
    failed: "Chưa được. Xin nhờ nhân viên giúp.",
    wait: "Nhiều thẻ lạ quá. Xin đợi nửa phút rồi thử lại, hoặc nhờ nhân viên giúp.",
  },
  en: {
    language: "English",
    title: "No personal offers for you?",
    told: "Hold your member card before the reader, or type the number on it.",
    card: "Number of your member card",
    withdraw: "Take my consent back",
    forget: "Forget me in this shop",
    question: "Delete all that is kept of you?",
    explanation: "Your keys and your profile are destroyed at once. Nobody can bring them back.",
    yes: "Delete",
    withdrawn: "Done. From now on nobody is recognised here by your tag or phone. To take part again, ask at the desk.",
    forgotten: "Done. What this shop kept of you is destroyed.",
    nobody: "This card is not enrolled here: nothing is kept.",
    failed: "That did not work. Please ask our staff.",
    wait: "Too many unknown cards. Please wait half a minute and try again, or ask our staff.",
  },
};

const at = (id) => document.getElementById(id);
const form = at("form");
const { card } = form.elements;
let words = WORDS[navigator.language.slice(0, 2)] ?? WORDS.en;
let timer = 0;

function speak(language) {
  words = WORDS[language];
  document.documentElement.lang = language;
  say(at("title"), words.title);
  say(at("told"), words.told);
  say(at("card-label"), words.card);
  say(at("withdraw"), words.withdraw);
  say(at("forget"), words.forget);
  for (const button of at("languages").children) {
    button.setAttribute("aria-pressed", button.value === language);
  }
  tell("");
}

function tell(text, isWrong = false) {
  at("outcome").hidden = !text;
  at("outcome").toggleAttribute("data-wrong", isWrong);
  say(at("outcome"), text);
}

function forgetSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    card.value = "";
    tell("");
    card.focus();
  }, KEPT);
}

async function send(act, customer) {
  const body = { customer };
  if (act === "withdraw") body.given = { channel: "door", language: document.documentElement.lang };
  const answer = await fetch(act === "forget" ? "/api/forget" : "/api/withdraw", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) return location.replace("/login");
  if (answer.status === 429) return tell(words.wait, true);
  const { outcome } = await answer.json();
  if (outcome === "unknown") return tell(words.nobody);
  if (outcome === "forgotten") return tell(words.forgotten);
  if (!answer.ok) return tell(words.failed, true);
  tell(act === "forget" ? words.forgotten : words.withdrawn);
}

async function go(act) {
  const customer = card.value.trim();
  card.value = "";
  if (act === "forget" && !(await sure(words.question, words.explanation, words.yes))) return;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  await send(act, customer).catch(() => tell(words.failed, true));
  for (const button of form.querySelectorAll("button")) button.disabled = false;
  card.focus();
  forgetSoon();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go(event.submitter?.value ?? "withdraw");
});
card.addEventListener("input", forgetSoon);
// A reader ends with Enter, which is no decision yet.
card.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  at("withdraw").focus();
});

for (const [language, { language: name }] of Object.entries(WORDS)) {
  const button = make("button", { type: "button", value: language, lang: language }, name);
  button.addEventListener("click", () => speak(language));
  at("languages").append(button);
}
speak(words === WORDS.vi ? "vi" : "en");
