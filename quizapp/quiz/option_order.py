# ruff: noqa: RUF001  Letters of other alphabets are meant.
"""In which order the options of a question are shown. Knows texts, and no learner.

The order is drawn, but for options that speak of the others: "All of the above" stays last, and where one names others
by their letters ("Both A and C") all stay as their author wrote them.
"""

import re
from collections.abc import Mapping
from random import Random

# Each begins an option that speaks of all others or of none. Languages without a word for "above" in such options are
# left out. Articles and endings vary with the gender of what is meant, so that mostly stems stand here.
_SUMS_UP = (
    # English
    r"(?:all|none|both|any|each|neither|either|some|two|more than one) of (?:the |these |those )?"
    r"(?:above|these|those|them|options|other|others|answers|choices|preceding|previous|listed|mentioned)",
    r"(?:all|both|any) (?:the )?above",
    r"(?:all|both|none|neither) (?:of (?:the|these|them) )?(?:(?:answers?|options?|statements?|choices?) )?"
    r"(?:are|is) (?:right|correct|true|wrong|false|incorrect)",
    r"no(?:ne)?(?: right| correct| valid)? (?:answer|option) (?:is )?(?:right|correct|given|listed|above)",
    r"the (?:above|others) are (?:all )?",
    # German
    r"(?:alle|keine|keines|keiner|beide)[srmn]? (?:von )?(?:der |den |dieser |diesen |davon)?"
    r"(?:oben|obig|genannt|vorgenannt|vorstehend|aufgeführt|antwort|aussage|option|anderen|davon|beiden)",
    r"(?:alle|keine|keines|beide)s?(?: davon| (?:ist|sind) (?:richtig|falsch|korrekt))",
    r"alles (?:davon|oben|genannte|obige|vorgenannte)",
    r"nichts (?:davon|von (?:alledem|dem|den))",
    # French
    r"(?:tou(?:te)?s|tout|aucune?|les deux)(?: de)? ?(?:l[ae]s |ces? |ce qui |des |d')?(?:\w+ )?"
    r"(?:ci-dessus|préc[éè]d\w*|réponses?|propositions?|options?|choix|autres)",
    # Spanish
    r"(?:tod[ao]s?|ningun[ao]|ambas|ambos)(?: de)? ?(?:l[ao]s |est[ao]s )?(?:\w+ )?"
    r"(?:anterior(?:es)?|respuestas?|opciones|alternativas?|correctas?)",
    # Portuguese
    r"(?:tod[ao]s|nenhum[ao]?|ambas|ambos)(?: (?:as|os|das|dos|destas))? (?:\w+ )?"
    r"(?:anteriores|acima|respostas?|opções|alternativas?|corretas?)",
    # Italian
    r"(?:tutt[ei]|nessun[ao]|entramb[ei])(?: (?:le|i|gli|delle|dei|di|queste))? (?:\w+ )?"
    r"(?:precedent[ei]|risposte?|opzioni|altre|corrette|sopra)",
    # Dutch
    r"(?:al(?:le|les)?|geen|beide)(?: van)?(?: (?:de|het|deze))? ?(?:boven\w*|antwoorden|opties|genoemde|voorgaande)",
    # Swedish, Danish, Norwegian
    r"(?:alla|alle|ing[ae]n|inget|intet|b[åe]da|begge)(?: a[vf])? ?(?:de |det |dessa |disse )?"
    r"(?:ovan\w*|oven\w*|nevnte|nævnte|nämnda|svar\w*|alternativ\w*)",
    # Polish, Czech
    r"(?:wszystkie|żadn[ea]|obie|obydwie)(?: z)? ?(?:\w+ )?(?:powyższ\w+|odpowied\w+)",
    r"(?:vš[ei]chny|žádn[áéýa]|obě)(?: z)? ?(?:\w+ )?(?:uveden\w+|výše|odpověd\w+|možnost\w*)",
    # Russian, Ukrainian
    r"(?:вс[её]|все|ни од(?:ин|на|но)|ничего|оба|обе|жод(?:ен|на|не)|усе|всі|усі)(?: из| із| з)? ?(?:\w+ )?"
    r"(?:вышеперечисл\w*|перечисл\w*|вышеуказ\w*|выше\w*|вариант\w*|ответ\w*|перел[іи]ч\w*|вище\w*|наведен\w*|відповід\w*)",
    # Turkish
    r"(?:yukarıdakiler|hepsi|hiçbiri|bunların (?:hepsi|hiçbiri))",
    # Chinese, Japanese, Korean: without blanks between words
    r"(?:以上|上述|上面)(?:都|皆|均|全部?|所有|选项|選項|答案|皆非|两者|兩者|の|のすべて|のいずれ)",
    r"(?:上記|以上|前記)(?:の)?(?:すべて|全て|全部|いずれ|どれ)",
    r"(?:すべて|全て|どれも|いずれも)(?:正しい|正解|間違|該当)",
    r"(?:위의|위|모두|정답|보기)\s?(?:모두|모든|어느|없음|정답|해당|항목)",
)
_LAST = re.compile(rf"\W*(?:{'|'.join(_SUMS_UP)})", re.IGNORECASE)
# "Both A and B", "a) and c)", "A, B and D", "1 and 3 only", "Options B & C", "A und C", "solo A y B".
_LETTER = r"[(\[]?(?:[A-Ha-h]|[1-8])[)\].]?"
_NAMES_OTHERS = re.compile(
    rf"\W*(?:(?:only|both|neither|either|options?|answers?|nur|sowohl|seulement|solo|só|alleen|tylko|только) )*"
    rf"{_LETTER}(?:, {_LETTER})*,? (?:and|or|nor|und|oder|et|ou|y|e|o|en|og|och|i|и|или|&|\+) {_LETTER}"
    r"(?: (?:only|are correct|are right|are true|above|nur|seulement|solamente))?\W*$",
    re.IGNORECASE,
)


def order_of_options(texts: Mapping[int, str], *, rng: Random) -> list[int]:
    """The ids of a question's options as they are shown; `texts` has them in the author's order.

    Of several that stay last, each stays behind those that it stood behind.
    """
    written = list(texts)
    if any(_NAMES_OTHERS.match(text) for text in texts.values()):
        return written
    last = [option for option in written if _LAST.match(texts[option])]
    drawn = [option for option in written if option not in last]
    rng.shuffle(drawn)
    return drawn + last
