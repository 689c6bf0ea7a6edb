import {
  adjective,
  bareFades,
  neutralTones,
  transitions,
  except,
  noun,
  retime,
  colour,
  subject,
  direction,
  intensity,
  unit,
  number,
  plain,
} from './entries.js'
import type { Entry } from './entries.js'
import { fadePhrases } from './fadePhrases.js'

/** What Italian words do in a prompt; all forms of a word, as accents are gone when it is looked up. */
export const ITALIAN: readonly Entry[] = [
  [{ type: 'break', strong: false, negated: false }, 'e|ed|con|anche|piu un|piu una'],
  [{ type: 'break', strong: true, negated: false }, 'poi|ma|pero|mentre|invece|quindi'],
  [{ type: 'break', strong: true, negated: false, only: true }, 'solo|soltanto|solamente'],
  [{ type: 'break', strong: false, negated: true }, 'senza'],
  plain('negation', 'non|niente|nessun{,o,a}|evita|mai'),
  plain('excess', 'troppo|troppa|troppi|troppe|cosi|tropp'),
  except(
    'eccetto|tranne|tranne che|salvo|a parte|ad eccezione di|ad eccezione del|ad eccezione della|ad eccezione dei|ad eccezione delle|all infuori di|fuorche|meno che|escluso|esclusa|esclusi|escluse',
  ),
  except('tutto meno|tutti meno', { otherwise: 'less' }),
  except('ma non', { otherwise: 'break' }),
  except(
    'mantieni|mantenendo|ma mantieni|tieni|ma tieni|tenendo|conserva|conservando|proteggi|preserva',
    {
      otherwise: 'kept',
    },
  ),
  except(
    'lascia|lascia stare|lasciando|ma lascia|ma lascia stare|non toccare|senza toccare|ma non toccare',
    { otherwise: 'negation' },
  ),
  except(
    'lascia solo|tieni solo|mantieni solo|lasciando solo|tenendo solo|lascia soltanto|conserva solo',
    {
      alone: true,
    },
  ),
  plain('coloured', 'a colori|a colore'),
  ...fadePhrases({
    colours: {
      black: 'nero|buio',
      white: 'bianco',
      grey: 'grigio',
      red: 'rosso',
      blue: 'blu',
    },
    outTo:
      'dissolvenza * in|dissolvenza * a|dissolvenza * al|dissolvenza * verso il|dissolvi in|dissolvi a|dissolvi al|sfuma * in|sfuma * a|sfuma * al|sfumare a|sfumare al|sfumare in|sfumando a|sfumando in|sfumatura a|dissolvenza in chiusura a|dissolvenza in uscita a|chiudi a|chiudi in',
    inFrom:
      'dissolvenza * da|dissolvenza * dal|dissolvi da|dissolvi dal|sfuma * da|sfuma * dal|sfumando da|sfumando dal|dissolvenza in apertura da|dissolvenza in apertura dal|dissolvenza in entrata da|dissolvenza in entrata dal|apri da|apri dal|parti dal|inizia dal',
    out: 'dissolvenza * in chiusura|dissolvenza * in uscita|dissolvenza finale|sfuma in chiusura|in chiusura|chiudi in dissolvenza|chiusura in dissolvenza|fade out',
    in: 'dissolvenza * in apertura|dissolvenza * in entrata|dissolvenza * in ingresso|dissolvenza iniziale|apri in dissolvenza|apertura in dissolvenza|fade in',
    both: 'dissolvenza in apertura e in chiusura|dissolvenza in apertura e chiusura|dissolvenza in entrata e in uscita|dissolvenza in entrata e uscita|dissolvenze in apertura e in chiusura|dissolvenze in apertura e chiusura|dissolvenza iniziale e finale',
    long: 'lenta|lunga|lentamente|graduale|gradualmente|lento',
    short: 'veloce|rapida|breve|velocemente|rapidamente',
  }),
  ...bareFades('dissolvenza *|dissolvenze *|sfuma *|sfumatura *', 'lenta|lunga|rapida|breve', [
    'dissolvenza * in chiusura',
    'dissolvenza * in apertura',
  ]),
  transitions(
    'dissolvenza incrociata|dissolvenze incrociate|tendina|transizione|transizioni|dissolvenza',
    'con la clip successiva|con la prossima clip|con la clip seguente|verso la clip successiva|verso la prossima clip|alla clip successiva|alla scena successiva|tra le clip|tra le due clip|fra le clip|fra le due clip|con la scena successiva|verso la scena successiva',
    'dissolvenza in chiusura',
    'dissolvenza in apertura',
  ),
  plain('into', 'divent{a,are,i,ino,ano}|fai diventare|in'),
  plain('tint', 'tinta|dominante|sfumatura|velatura'),
  plain(
    'gradual',
    'gradualmente|lentamente|pian piano|piano piano|a poco a poco|poco a poco|progressivamente|man mano|via via|dissolvi in|sfuma in|col tempo|nel tempo|sempre piu|in modo graduale',
  ),
  plain(
    'article',
    'il|lo|la|i|gli|le|l|questo|questa|quel|quella|del|della|dello|dei|degli|delle|dell|al|alla|allo|ai|agli|alle|all|nel|nella|nei|nelle|nell|negli|sul|sulla|mio|mia|tutto il|tutta la|dal|dalla|dall',
  ),
  plain(
    'filler',
    'un|uno|una|rendi|rendil{o,a,i,e}|rendere|fai|fa|fallo|falla|dai|tutt{o,a,i,e}|per favore|immagine|immagini|scena|inquadratura|ripresa|fotogramma|foto|effetto|aspetto|stile|tono|toni|tinte|colore|colori|di|da|a|su|per|che|come|si|mi|vorrei|voglio|puoi|metti|applica|usa|imposta|aggiungi|cambia|trasforma|converti|colora|dipingi|tingi|giorno|luce|luci di|sembrare|sembra|qualche|po di|della pellicola|d|intero|intera|piu di|atmosfera|verso|ci|rendendo|in loop|il resto|tutto il resto|resto|gli altri|resta|restano|stare|rimane|rimangono|sono|ovunque|com e|come sono|cosi com e|look',
  ),
  direction(
    1,
    'piu|aumenta|aumentare|alza|incrementa|accentua|rinforza|maggior{e,i}|alt{o,a,i,e}|apri|solleva|potenzia|esalta|intensifica|alzare|aggiungi piu',
  ),
  direction(
    -1,
    'meno|riduci|ridurre|abbassa|abbassare|diminuisci|diminuire|attenua|cala|togli|recupera|chiudi|minor{e,i}|bass{o,a,i,e}|profond{o,a,i,e}|elimina|rimuovi|smorza|ammorbidisci|limita',
  ),
  intensity(
    'slight',
    'un po|un poco|po|poco|leggermente|legger{o,a,i,e}|appena|lieve|lievi|lievemente|un pizzico|un pizzico di|un tocco|un tocco di|un filo|un filo di|un po di|delicat{o,a,i,e}|tenue|tenui|debole|un pochino|qualcosina',
  ),
  intensity(
    'much',
    'molto|molt{a,i,e}|tanto|tant{a,i,e}|parecchio|assai|forte|forti|fortemente|fitt{o,a,i,e}|dens{o,a,i,e}|decisamente|notevolmente|marcat{o,a,i,e}|pesante|pesanti|intens{o,a,i,e}|un sacco|un sacco di',
  ),
  intensity(
    'full',
    'al massimo|massim{o,a}|estremamente|completamente|totalmente|del tutto|il piu possibile|estrem{o,a}',
  ),
  unit('percent', 'per cento|percento'),
  unit('degrees', 'grad{o,i}'),
  unit('times', 'volte|volta'),
  number(1, 'uno stop di|uno'),
  number(2, 'due'),
  number(3, 'tre'),
  number(4, 'quattro'),
  number(5, 'cinque'),
  number(10, 'dieci'),
  number(0.5, 'mezz{o,a}|meta'),
  adjective(
    'exposure',
    1,
    'luminos{o,a,i,e}|chiar{o,a,i,e}|schiarisci|schiarire|illumina|schiariscil{o,a}|piu luce|brillante',
  ),
  adjective(
    'exposure',
    -1,
    'scur{o,a,i,e}|scurisci|scurire|buio|buia|meno luce|cup{o,a,i,e}|scuriscil{o,a}|oscura',
  ),
  noun('exposure', 'esposizione|luminosita|chiarezza'),
  adjective('contrast', 1, 'contrastat{o,a,i,e}|incisiv{o,a,i,e}|nitid{o,a,i,e}'),
  adjective('contrast', -1, 'piatt{o,a,i,e}|morbid{o,a,i,e}'),
  noun('contrast', 'contrasto|contrasti'),
  noun('highlights', 'luci|alte luci|zone chiare|parti chiare'),
  noun('shadows', 'ombr{a,e}|zone scure|parti scure'),
  neutralTones('shadows', 'black', 'neri'),
  noun(
    'midtones',
    'mezzitoni|mezzi toni|mezzotono|mezzo tono|toni medi|medi toni|toni intermedi|gamma',
  ),
  adjective('temperature', 1, 'cald{o,a,i,e}|scalda|riscalda|scaldare|scaldal{o,a}'),
  adjective(
    'temperature',
    -1,
    'fredd{o,a,i,e}|raffredda|raffreddare|gelid{o,a,i,e}|fresc{o,a,hi,he}|raffreddal{o,a}',
  ),
  noun(
    'temperature',
    'temperatura|temperatura colore|temperatura di colore|bilanciamento del bianco',
  ),
  adjective(
    'saturation',
    1,
    'satur{o,a,i,e}|vivid{o,a,i,e}|viv{o,a,i,e}|colorat{o,a,i,e}|intensi colori|accesi|acces{o,a,e}',
  ),
  adjective(
    'saturation',
    -1,
    'desatur{a,o,e}|desaturat{o,a,i,e}|spent{o,a,i,e}|smort{o,a,i,e}|pallid{o,a,i,e}|sbiadit{o,a,i,e}|slavat{o,a,i,e}',
  ),
  noun('saturation', 'saturazione'),
  adjective('vibrance', 1, 'vivac{e,i}|vibrant{e,i}'),
  noun('vibrance', 'vividezza|vivacita|vibranza'),
  noun(
    'hue',
    'tonalita di|sposta la tonalita|ruota la tonalita|gira la tonalita|ruota le tinte|sposta le tinte|ruota i colori',
  ),
  plain('filler', 'tonalita'),
  noun(
    'night',
    'notte|da giorno a notte|giorno in notte|notturn{o,a,i,e}|chiaro di luna|luce della luna|di notte|effetto notte',
  ),
  noun(
    'golden-hour',
    'ora d oro|tramonto|luce del tramonto|luce dorata|alba|ora dorata|luce calda della sera|golden hour|al tramonto',
  ),
  noun(
    'sepia',
    'seppia|vintage|retro|vecchio film|film d epoca|foto antica|vecchia foto|foto d epoca|anticat{o,a}',
  ),
  noun(
    'monochrome',
    'bianco e nero|bianco nero|b / n|scala di grigi|monocromatic{o,a}|monocromo|senza colore|senza colori|bn',
  ),
  noun('bleach-bypass', 'bleach bypass|salto della sbianca|sbianca|senza sbianca'),
  noun(
    'teal-orange',
    'teal e arancio|teal e arancione|verde acqua e arancio|verde acqua e arancione|arancio e teal|arancione e teal|ottanio e arancio|teal orange|cinematografic{o,a,i,he}|hollywoodian{o,a}|look cinematografico',
  ),
  noun(
    'vignette',
    'vignettatura|vignetta|bordi scuri|angoli scuri|bordi piu scuri|angoli piu scuri|scurisci i bordi|scurisci gli angoli|vignettat{o,a}',
  ),
  noun(
    'bloom',
    'bagliore|bagliori|alone|luminescenza|sognante|bloom|alone luminoso|luce diffusa|onirico',
  ),
  noun(
    'grain',
    'grana|grana della pellicola|grana di pellicola|grana pellicola|sgranat{o,a,i,e}|rumore|granulosita|granulos{o,a}',
  ),
  noun('fog', 'nebbia|nebbios{o,a,i,e}|foschia|brum{a,e}|brumos{o,a}|caligine|fumo'),
  retime(
    'speed',
    0.5,
    'al rallentatore|rallentatore|rallenta|rallentare|piu lento|piu lenta|rallental{o,a}|slow motion|meta velocita|mezza velocita|a meta velocita|moviola',
  ),
  retime(
    'speed',
    2,
    'piu veloce|veloce|velocizza|velocizzare|accelera|accelerare|doppia velocita|velocizzal{o,a}|doppio della velocita|piu rapido|raddoppia la velocita',
  ),
  retime('speed', 1, 'velocita'),
  retime(
    'reverse',
    1,
    'al contrario|inverti il clip|inverti il video|all indietro|indietro|inverti|a ritroso|riavvolgi|riproduci al contrario|inverti il tempo',
  ),
  retime(
    'freeze',
    1,
    'fermo immagine|fermo fotogramma|congela|congela l immagine|blocca l immagine|ferma l immagine|fermoimmagine|congela il fotogramma',
  ),
  retime('ping-pong', 1, 'avanti e indietro|rimbalzo|andata e ritorno'),
  retime('ramp', 0.5, 'rampa di velocita|rampa|rampa della velocita'),
  ...colour('red', 'ross{o,a,i,e}|rossastr{o,a,i,e}'),
  ...colour('orange', 'arancio|arancione|arancioni'),
  ...colour('yellow', 'giall{o,a,i,e}|giallastr{o,a,i,e}'),
  ...colour('green', 'verd{e,i}|verdastr{o,a,i,e}'),
  ...colour('cyan', 'ciano|turchese|verde acqua|azzurro acqua|ottanio|teal'),
  ...colour('blue', 'blu|azzurr{o,a,i,e}|celest{e,i}|bluastr{o,a,i,e}|azzurrat{o,a,i,e}'),
  ...colour('purple', 'viola|violett{o,a}|lilla'),
  ...colour('magenta', 'magenta|fucsia'),
  ...colour('pink', 'rosa'),
  ...colour('brown', 'marron{e,i}'),
  ...colour('gold', 'dorat{o,a,i,e}|oro|d oro'),
  ...colour('silver', 'argent{o,ato,ata,ati,ate}|d argento'),
  ...colour('white', 'bianc{o,a,hi,he}'),
  ...colour('black', 'ner{o,a,e}'),
  ...colour('grey', 'grigi{o,a,e}'),
  subject(
    'green',
    'alber{o,i}|erba|fogli{a,e}|fogliame|bosco|prat{o,i}|piant{a,e}|foresta|vegetazione|siepe',
  ),
  subject('blue', 'ciel{o,i}|mare|acqua|lago|fiume|oceano'),
  subject('skin', 'pelle|viso|volto|volti|visi|incarnato'),
]
