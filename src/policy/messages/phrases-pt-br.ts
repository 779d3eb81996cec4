import type { Templates } from './phrase-arguments.ts';

const PERIOD =
  '{window, select, hour {por hora} day {por dia} week {por semana} month {por mês} rolling {{hours, plural, one {em # hora} other {em # horas}}} other {ao mesmo tempo}}';
const SMALLER = 'reduza a consulta (menos colunas, um período menor, um filtro na coluna de partição)';
const ASK = 'fale com {contact, select, nothing {quem cuida do orçamento} other {{contact}}}';

/** In Portuguese, 0 takes the plural here, although its plural rules treat it as one. */
export const portuguese: Templates = {
  estimate:
    'leria {bytes}{slotTime, select, nothing {} other {, usaria {slotTime}}} e custaria {cost}{others, select, nothing {} other { ({others})}}',
  refused: 'Esta consulta, que {estimate}, não foi executada.',
  refusedSince: 'Esta consulta, que {estimate}, não foi executada: {reason}.',
  byRules: '{count, plural, one {a regra {rules} a recusa} other {as regras {rules} a recusam}}',
  takesTooMuch:
    'ela usaria {asked} do orçamento {budget}, que {left, select, nothing {não tem mais saldo} other {tem {left} de saldo}}',
  noQueryLeft: `o orçamento {budget} permite {limit} ${PERIOD}, e não resta nenhuma`,
  queueIsFull:
    'já há {running, plural, =0 {0 consultas} one {# consulta} other {# consultas}} em execução no orçamento {budget} {waiting, plural, =0 {e ele não tem fila} other {e # na fila}}',
  waitedTooLong:
    'esperou {waited} por uma vaga no orçamento {budget}, que permite {limit} ao mesmo tempo, e nenhuma abriu',
  matchedRules:
    'Acima do limite, esse orçamento só recusa consultas às quais certas regras se aplicam, e {count, plural, one {a regra {rules} se aplica} other {as regras {rules} se aplicam}} a esta.',
  exceedsCap: 'A consulta leria {asked}, e a regra permite no máximo {most} por consulta.',
  conditionFailed:
    'A condição da regra {rule} falhou nesta consulta{effect, select, deny {, e por isso a consulta não roda} other {}}. {contact, select, nothing {Avise quem cuida das políticas} other {Por favor, fale com {contact}}}.',
  refusedFrom: 'A partir de {day}, esta consulta será recusada.',
  fixQuery:
    'O que fazer: mude a consulta como dito acima e rode de novo; se precisar dela assim, fale com {contact, select, nothing {quem cuida da regra} other {{contact}}}.',
  neverFits: `O que fazer: ${SMALLER}. Como está, ela nunca cabe; se precisar dela assim, ${ASK}.`,
  whatToDo: 'O que fazer: {ways}.',
  shrink: SMALLER,
  avoidRules:
    'mude a consulta para que nenhuma dessas regras se aplique a ela (aí este orçamento a deixa rodar)',
  waitUntilRenewal: 'espere o orçamento renovar em {renewsAt}',
  waitForOldest: 'espere a parte mais antiga sair da conta em {freedAt}',
  tryAgain: 'tente de novo daqui a pouco',
  ask: ASK,
  suggestion:
    'Sugestão ({result, select, same {mesmo resultado} other {o resultado muda}}): {changes}, ela {effects}.',
  withFilter: 'com o filtro {shows}',
  withColumns: 'só com as colunas {shows}',
  withTable: 'lendo {shows}',
  withFunction: 'com {shows}',
  withTime: 'com {shows} no lugar da hora atual',
  scansLess: 'leria {bytes} em vez de {insteadOf}',
  scansTheSame: 'leria os mesmos {bytes}',
  costsLess: 'custaria {saved} a menos',
  savesRepeats: 'pouparia o que as repetições gastaram nas últimas 24 horas ({bytes}, {cost})',
  isLetThrough: 'seria liberada',
  isStillRefused: 'mesmo assim seria recusada',
  decisionId: 'ID da decisão: {id}',
  decisionPage: 'Veja no console: {page}',
  left: '{budgets, plural, one {Saldo do orçamento que vale para ela:} other {Saldo dos orçamentos que valem para ela:}}',
  balance: '{budget}: {left} de {limit}; renova em {renewsAt}.',
  rollingBalance: `{budget}: {left} de {limit} ${PERIOD}{freedAt, select, nothing {} other {; a parte mais antiga sai da conta em {freedAt}}}.`,
  atOnceBalance: '{budget}: {running} de {limit} em execução.',
  raised: '{limit} (incluída uma concessão de {granted})',
  unnamed:
    '{kind, select, team {sem equipe informada} principal {sem conta confirmada} person {sem pessoa informada} dashboard {sem painel informado} card {sem cartão informado} other {sem projeto informado}}',
  ledgerFailed:
    'Não foi possível escrever no livro-razão, por isso a consulta não foi executada. Tente de novo; se continuar, avise quem cuida do guardrail.',
  notReadInTime:
    'O guardrail não teve tempo de ler esta consulta, por isso ela não foi executada. Tente de novo; se continuar, avise quem cuida do guardrail.',
  stopping: 'O guardrail está parando, e a consulta não foi executada. Tente de novo.',
};
