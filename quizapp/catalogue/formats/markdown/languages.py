# ruff: noqa: RUF001  Letters and signs of other alphabets are meant.
"""The words and signs with which notes in other languages than English ask and answer. Pure: words only.

Chinese, Japanese and Korean write no blank between words, so theirs are looked for within a line, and the others' at
its beginning. What a word of them means here is said by the name of its set.
"""

import re

QUESTION_MARKS = ("?", "？", "؟")
WIDE_COLON = "："
WIDE = "\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # letters that no blank parts
# Behind a name: a colon with a blank behind it, or a wide one, or any behind a letter that no blank parts.
COLON = rf"(?::(?=\s|$)|：|(?<=[{WIDE}]):)"

# What is named "Question" before a number or colon, with its capitals.
QUESTION_NAMES = (
    r"Pregunta|PREGUNTA|Pergunta|PERGUNTA|Quest[ãa]o|QUEST[ÃA]O|Domanda|DOMANDA|Frage|FRAGE|Vraag|Pytanie|Soru|SORU"
    r"|Câu(?: hỏi)?|Pertanyaan|Soal|Вопрос|ВОПРОС|Питання|问题|問題|题目|質問|設問|问|問|질문|문제"
)
PROBLEM_NAMES = re.compile(r"[*_#\s]*(?:问题|問題|문제)")  # they mean "problem" as well
QUESTION_BEGINS = "PQDFVSCВП问問题質設질문"
# Parts of these names, one of which each of them holds.
QUESTION_PARTS = (
    "gunta", "GUNTA", "Frage", "FRAGE", "uestao", "UESTAO", "omanda", "OMANDA", "Vraag", "Pytan", "Soru", "SORU",
    "Pertan", "Soal",
)  # fmt: skip
QUESTION_LETTERS = re.compile(r"uestão|UESTÃO|Câu|опрос|ОПРОС|итання|[问問题題質設]|질문|문제")
# "第 3 题", with its kind: "第 3 题【单选题】".
COUNTED_QUESTION = re.compile(
    r"第\s?(?P<number>\d{1,4})\s?[题題问問](?:\s?[【\[（(][^】\])）]{0,6}[题題选選答][】\])）])?\s?[:：.、．]?\s*"
)

# What is named "Answer" before a colon, and alone on a line.
ANSWER_NAMES = (
    r"(?:Richtige|Korrekte)\s(?:Antwort(?:en)?|Lösung)|Muster(?:antwort|lösung)|Antwort(?:en)?|Lösung"
    r"|(?:Respuestas?|Respostas?|R[ée]ponses?|Rispost[ae])(?:\s[^\W\d_]{4,12})?|Antwoord|Odpowied[źz]"
    r"|(?:Doğru\s)?(?:Cevap|Yanıt)|Jawaban|Trả lời|Đáp án(?: đúng)?"
    r"|(?:Правильн(?:ый|ые)\s|Краткий\s|Примерный\s|Хороший\s)?(?:Ответ|ответ)ы?|(?:Правильна\s)?Відповідь"
    r"|(?:参考|正确|標準|标准|正確|標準|简短)?(?:答案|回答|解答)(?:例|要点)?|模範解答|正解|答え|答"
    r"|(?:모범\s?)?(?:답변|정답|해답|답)"
)
OPTION_NAMES = r"Opciones|Op[çc][õo]es|Alternativas|Antwortmöglichkeiten|Şıklar|Seçenekler|选项|選項|選択肢|선택지|보기"
ANSWER_ALONE = (
    r"(?:(?:点击|點擊)?(?:查看|显示|顯示|展开|展開)?(?:参考|正确|標準|标准)?(?:答案|解答|解析|回答|答案与解析|答案及解析)(?:と解説)?(?:例)?)"
    r"|模範解答|正解|答え|(?:解答|答え|正解|回答)を(?:見る|表示)"
    r"|(?:정답|답변|해답|답)(?:\s?(?:보기|확인|및 해설))?"
    r"|(?:показать|посмотреть|смотреть|раскрыть|открыть)\s(?:ответы?|решение)|(?:правильный\s)?ответы?|решение"
    r"|(?:показати\s)?відповідь"
    r"|(?:(?:ver|mostrar|voir|afficher|mostra)\s(?:la\s|a\s)?)?"
    r"(?:respuestas?|respostas?|r[ée]ponses?|rispost[ae]|soluci[óo]n|solução|soluzione)"
    r"(?:\s(?:correctas?|esperadas?|corretas?|modelo))?"
    r"|(?:antwort(?:en)?|lösung(?:en)?|musterlösung)(?:\s(?:an)?zeigen)?|antwoord(?:\stonen)?|odpowied[źz]"
    r"|(?:doğru\s)?cevap|jawaban|đáp án"
)

# Words of titles and headings that say that questions follow.
ASKING_TITLES = (
    r"preguntas|cuestionario|autoevaluaci[óo]n|perguntas|quest[õo]es|question[áa]rio|questionnaires?|domande"
    r"|(?:prüfungs|interview|kontroll|wiederholungs|verständnis|übungs|test|lern|quiz)?fragen|wissens(?:test|check)|selbsttest|lernkontrolle|karteikarten|lernkarten"
    r"|(?:toets|examen|oefen)?vragen|pytania|sorular[ıi]?|câu hỏi|trắc nghiệm|pertanyaan"
    r"|вопрос(?:ы|ов|ам|ник)|самопроверк[аи]|викторина|карточки|питання"
)
ASKING_WIDE = (
    r"[面考试測测习習练練试試]试?[题題]|题库|題庫|(?:常见|常見|高频|经典|思考|复习|自测)(?:问题|問題|题|題)|选择题|選擇題|问答|問答|自测|小测验"
    r"|(?:練習|過去|演習|確認|面接)問題|問題集|面接質問|一問一答|クイズ|면접|질문|퀴즈|기출"
)
ADVISING_TITLES = r"entrevistas?|entretiens?|vorstellungsgespräch|собеседован(?:ие|ия|ию|иях|иям)"  # promise advice too


def _words(*lines: str) -> tuple[str, ...]:
    """The words of some lines."""
    return tuple(word for line in lines for word in line.split())


# Titles of a table of contents, and of what only leads elsewhere.
CONTENTS = (
    r"содержание|оглавление|зміст|inhalt(?:sverzeichnis)?|índice|contenidos?|conteúdo|sumário|table des matières"
    r"|sommaire|indice|inhoud(?:sopgave)?|içindekiler|mục lục|目录|目錄|目次|목차"
)
AIMS = (  # what a text is for
    r"(?:objetivos|objectifs|obiettivi|lernziele|leerdoelen|cele)(?: (?:de aprendizaje|de aprendizagem|pédagogiques))?"
    r"|цели|цель|mục tiêu|hedefler|kazanımlar|tujuan|学习目标|學習目標|学習目標|학습 목표"
)
LEADS_ELSEWHERE = (
    r"(?:полезные\s|дополнительные\s)?(?:ссылки|источники|материалы)|(?:список\s)?литератур[аы]"
    r"|(?:weiterführende\s)?(?:quellen|links|literatur)|recursos|referências|referencias|fuentes|enlaces"
    r"|para aprofundar|ressources|références|sources|risorse|riferimenti"
    r"|参考(?:资料|资源|链接|文献)|相关(?:链接|笔记|阅读)|참고\s?자료"
)

# Titles of what says once more, and of what is said before all.
CLOSING = (
    r"conclusi[oó]n|conclus[ãa]o|considerações finais|conclusioni|fazit|schluss(?:wort|folgerung)?|zusammenfassend"
    r"|заключение|вместо заключения|висновок|sonuç|kết luận|结论|結論|结语|結語|结束语"
    r"|おわりに|終わりに|さいごに|最後に|결론|마무리|마치며"
)
INTRODUCING = (
    r"introducción|introdução|introduzione|einleitung|inleiding|введение|вступ(?:ление)?|giriş|giới thiệu"
    r"|前言|引言|简介|簡介|はじめに|소개|들어가며|개요"
)

# Titles above the answers to all questions of a note.
KEY_TITLES = (
    r"r[ée]ponses(?: correctes)?|corrig[ée]s?|respuestas(?: correctas)?|soluciones|respostas(?: corretas)?|gabarito"
    r"|solu[çc][õo]es|antworten|l[öo]e?sungen|risposte(?: corrette)?|soluzioni|antwoorden|oplossingen"
    r"|odpowiedzi|klucz odpowiedzi|cevaplar|cevap anahtarı|yanıtlar|đáp án|kunci jawaban"
    r"|(?:правильные )?ответы|ключи?|відповіді|(?:参考|正确|標準|标准)?答案|解答(?:一覧)?|正解(?:一覧)?|정답|해답"
)

# Words that begin a question, in lower case.
ASKING_WORDS = frozenset(
    _words(
        "qué cuál cuáles cómo cuándo dónde quién qual quais quando onde quem como",
        "quel quelle quels quelles comment pourquoi quand quale quali perché cos'è cosa",
        "warum welche welcher welches welchen welchem wie wozu wofür wodurch worin woran weshalb wieso wann",
        "waarom welke jak dlaczego jaki jaka jakie nedir nasıl neden",
        "что чем как какой какая какое какие каков какова каковы каким какую почему зачем когда где кто сколько",
        "що чому який яка яке які",
    )
)
ORDERS = frozenset(
    _words(
        "explica explique expliquez describa descreva décrivez compara menciona mencione defina diferencia enumera",
        "enumere citez nenne nennen erkläre erklären beschreibe beschreiben vergleiche spiega descrivi elenca",
        "объясните объясни опишите опиши расскажите расскажи назовите назови перечислите перечисли приведите",
        "сравните дайте поясніть опишіть",
    )
)
# Columns and fields, in lower case.
QUESTION_FIELDS = _words(
    "pregunta preguntas pergunta perguntas questão questao frage fragen domanda domande vraag pytanie soru",
    "вопрос вопросы питання 问题 問題 题目 題目 質問 問い 질문 문제",
)
ANSWER_FIELDS = _words(
    "respuesta respuestas resposta respostas réponse réponses antwort antworten risposta risposte antwoord",
    "odpowiedź cevap ответ ответы відповідь 答案 回答 解答 参考答案 答え 正解 답변 정답 답",
)
OPTION_FIELDS = _words(
    "opciones opções opcoes alternativas optionen antwortmöglichkeiten opzioni opties seçenekler şıklar варианты",
    "选项 選項 選択肢 선택지 보기",
)
REMARK_FIELDS = _words(
    "explicación explicação explication erklärung begründung spiegazione uitleg wyjaśnienie açıklama",
    "объяснение пояснение 解析 题目解析 題目解析 答案解析 解説 해설 설명",
)
_ASKS_WIDE = re.compile(
    r"什么|什麼|如何|怎么|怎麼|怎样|为什么|為什麼|为何|哪些|哪个|哪種|哪种|哪几|多少|是否|区别|區別|吗$|呢$"
    r"|とは(?:何か)?$|ですか$|ますか$|でしょうか$|なぜ|どれ(?:か|で)|何(?:か|で)|どのよう|違い(?:は|を|$)|무엇|어떻게|차이|[가까나]요$"
)
_REMARK = re.compile(r"[（(][^（）()]{1,30}[）)]$")  # "(choose one)"
_ENDS_ASKING = re.compile(r"(?:です|ます|でしょう|どれ|何|だろう|もの)か。?$|(?:吗|呢)。?$|(?:습니까|[가까나]요)\.?$")
_ORDERS_WIDE = re.compile(
    r"(?:请|請)?(?:简单|简要|详细|分别)?(?:解释|解釋|描述|列举|列舉|说说|说一下|说出|谈谈|谈一谈|讲讲|讲一下|讲一讲|聊聊|简述|簡述|介绍|說明|说明"
    r"|比较|对比|阐述)|.*(?:説明|記述|比較|述べ|挙げ|答え)(?:し|て|よ|な)"
    r"|.*(?:설명|서술|비교|나열|소개|정의|구현|작성|제시|기술|말|이야기|얘기)\s?(?:하[시세십라고여기]|해\s?[주보라]|해요?\.?\s*$)"
)


def asks_without_blanks(text: str) -> bool:
    """Whether a line in Chinese, Japanese or Korean has a word that asks."""
    return _ASKS_WIDE.search(_REMARK.sub("", text.rstrip(" *_")).rstrip("？?。. *_")) is not None


def ends_asking(text: str) -> bool:
    """Whether a line in one of these languages ends with the word that says in speech that it asks."""
    return _ENDS_ASKING.search(_REMARK.sub("", text.rstrip(" *_"))) is not None


def orders_without_blanks(text: str) -> bool:
    """Whether such a line tells to explain or list something."""
    return _ORDERS_WIDE.match(text) is not None
