/** Removals in other languages: the sentence encoder alone takes "enlever les lunettes" for glasses to be worn. */

/** "Without" and "not", and verbs that remove, around the thing. */
const GONE: readonly RegExp[] = [
  /^(?:.* )?(?:sin|sans|ohne|senza|sem|zonder|uden|uten|utan|bez) (?<thing>.+)$/iu,
  /^(?:.* )?(?:keine?[nr]?|geen|niente|pas de|no (?:lleva|lleve|usa|tiene)|non (?:porta|ha)|não (?:usa|tem)|nie (?:nosi|ma)) (?<thing>.+)$/iu,
  /^(?:quitar?(?:les?)?|elimina(?:r|re)?|enlever|enlève|enlevez|retirer?|retire|supprimer?|supprime|tir(?:ar?|e)|togli(?:ere)?|leva(?:re)?|rimuovi|rimuovere|remover|remova|verwijder|usuń|zdejmij|entfern(?:e|en)|lösche?) (?<thing>.+)$/iu,
  /^nimm (?<thing>.+) (?:ab|weg)$/iu,
  /^(?<thing>.+) (?:entfernen|weg|abnehmen|absetzen|çıkar|kaldır)$/iu,
  // Russian
  /^(?:.* )?(?:без|нет|не носит|не носящ\p{L}+) (?<thing>.+)$/iu,
  /^(?:убрать|уберите?|убери|удалить|удали(?:те)?|снять|сними(?:те)?) (?<thing>.+)$/iu,
  // Arabic
  /^(?:.* )?(?:بدون|بلا|إزالة|أزل|احذف) (?<thing>.+)$/u,
  // Chinese
  /^.*?(?:没有|沒有|不戴|不带|去掉|去除|移除|摘掉|摘下|删除|刪除|拿掉|无|無)(?<thing>.+)$/u,
  // Japanese
  /^(?<thing>.+?)(?:なし|無し|のない|を(?:外|取|除|消)|を\p{L}+ない).*$/u,
  // Korean
  /^(?<thing>.+?)[을를이가]? ?(?:없|제거|빼|벗).*$/u,
  // Thai
  /^.*?(?:ไม่มี|ไม่ใส่|ไม่สวม|ลบ|ถอด)(?<thing>.+?)(?:ออก)?$/u,
  /^เอา(?<thing>.+?)ออก$/u,
];

/** A text that denies something in words that no pattern knows. */
export const UNCLEAR = Symbol("unclear");

const ARTICLE = /^(?:(?:l[aeo]s?|die|das|der|den|il|gli|i|os?|as?) |[ld]['’])/iu;

/** Words that deny: a text with one of them and no pattern for it must not be read as its opposite. */
const DENIAL =
  /(?<!\p{L})(?:no|non|ne|nie|não|nicht|kein\p{L}*|pas|niet|geen|не|нет|без|bez|sin|sans|ohne|sem|senza|zonder|değil|لا|ليس)(?!\p{L})|ない|なし|不|没|沒|無|无|없|않|못|안 |ไม่/iu;

/**
 * The thing that a text in another language wants absent; null if it says what should be present; `UNCLEAR` if it denies
 * something.
 */
export function thingGone(text: string): string | null | typeof UNCLEAR {
  for (const pattern of GONE) {
    const thing = pattern.exec(text)?.groups?.thing;
    if (thing !== undefined) return thing.replace(ARTICLE, "");
  }
  return DENIAL.test(text) ? UNCLEAR : null;
}
