import type { AntiPatternTexts } from './antipattern.ts';

export const PORTUGUESE: AntiPatternTexts = {
  'select-star': {
    title: 'Todas as colunas são selecionadas',
    why: 'O BigQuery cobra cada coluna lida, por inteiro. O asterisco lê todas, inclusive as mais pesadas.',
    instead: 'Liste as colunas de que precisa, ou deixe as pesadas de fora com `* EXCEPT (…)`.',
  },
  'select-distinct-star': {
    title: 'DISTINCT sobre a linha inteira',
    why: 'Todas as colunas são lidas e cobradas, e cada linha é comparada com as outras por todas elas.',
    instead: 'Liste as colunas que distinguem uma linha, ou agrupe pela chave.',
  },
  'no-partition-filter': {
    title: 'Sem filtro na coluna de partição',
    why: 'A tabela é guardada por dia ou período, mas sem filtro nessa coluna ela é lida e cobrada por inteiro.',
    instead: 'Filtre a coluna de partição por um intervalo constante.',
  },
  'function-around-partition-column': {
    title: 'Função em volta da coluna de partição',
    why: 'O BigQuery só descarta partições quando a própria coluna é comparada. Atrás da maioria das funções ele não sabe quais partições interessam e lê todas.',
    instead: 'Compare a própria coluna com um intervalo e deixe as funções do outro lado.',
  },
  'dynamic-predicate': {
    title: 'O filtro de partição é uma subconsulta',
    why: 'O resultado da subconsulta só é conhecido durante a execução; por isso todas as partições são lidas e cobradas.',
    instead:
      'Busque o valor antes, em outra consulta ou numa variável de script, e filtre por ele como constante.',
  },
  'unbounded-date-range': {
    title: 'Intervalo de datas aberto de um lado',
    why: 'Lê todo o histórico anterior a um dia, ou tudo desde um dia fixo, e isso cresce a cada dia.',
    instead: 'Defina início e fim, ou comece o intervalo um tempo fixo antes de hoje.',
  },
  'no-table-suffix-filter': {
    title: 'O curinga lê todas as tabelas',
    why: 'Todas as tabelas cujo nome começa assim são lidas e cobradas, e cada dia pode acrescentar uma. O BigQuery só descarta tabelas por uma condição constante em `_TABLE_SUFFIX`.',
    instead: 'Compare `_TABLE_SUFFIX` com constantes, ou restrinja o nome das tabelas: `events_202601*`.',
  },
  'no-job-time-filter': {
    title: 'O histórico inteiro de jobs é lido',
    why: 'O INFORMATION_SCHEMA guarda meio ano de jobs, separados pelo dia em que foram criados. Sem filtro nesse momento, tudo é lido e cobrado.',
    instead: 'Filtre por `creation_time`; em JOBS_TIMELINE, por `job_creation_time`.',
  },
  'limit-saves-no-bytes': {
    title: 'LIMIT não economiza bytes',
    why: 'LIMIT corta o que é mostrado, não o que é lido: as colunas são cobradas por todas as linhas da tabela.',
    instead: 'Filtre por uma partição, use TABLESAMPLE, ou veja linhas na pré-visualização, que é gratuita.',
  },
  'not-cacheable': {
    title: 'O resultado não pode ficar em cache',
    why: 'Uma função que responde diferente a cada vez impede o cache do BigQuery: a mesma consulta é cobrada de novo a cada execução.',
    instead:
      'Deixe a ferramenta inserir a data como constante, para que quem consulta no mesmo dia compartilhe um resultado.',
  },
  'cross-join': {
    title: 'Tabelas multiplicadas entre si',
    why: 'Cada linha de uma tabela é posta ao lado de cada linha da outra. Dez mil linhas de cada já dão cem milhões.',
    instead: 'Junte por uma condição, ou reduza antes cada tabela a poucas linhas.',
  },
  'join-order': {
    title: 'A junção começa por uma tabela pequena',
    why: 'O BigQuery nem sempre acha sozinho a melhor ordem. A primeira tabela é distribuída entre os workers e deveria ser a maior.',
    instead: 'Ponha a maior tabela primeiro, e as outras depois, da menor para a maior.',
  },
  'semi-join-without-aggregation': {
    title: 'IN sobre valores repetidos',
    why: 'A subconsulta devolve os mesmos valores muitas vezes, e todos são enviados aos workers.',
    instead: 'Elimine as repetições: `IN (SELECT DISTINCT …)`.',
  },
  'cte-read-more-than-once': {
    title: 'Uma CTE é lida mais de uma vez',
    why: 'WITH apenas dá nome a uma consulta. O BigQuery pode executá-la de novo em cada lugar que a lê.',
    instead: 'Leia-a em um só lugar, ou grave-a antes em uma tabela temporária.',
  },
  'order-by-without-limit': {
    title: 'Ordenação sem LIMIT',
    why: 'Um único worker precisa ordenar todas as linhas no fim, o que é lento e pode estourar a memória. Dentro de uma consulta a ordem se perde de qualquer forma.',
    instead: 'Acrescente um LIMIT, ou deixe a ordenação para a ferramenta que mostra as linhas.',
  },
  'latest-record-by-analytic-function': {
    title: 'Linhas numeradas para ficar só com a primeira',
    why: 'Todas as linhas são ordenadas e numeradas com todas as colunas, e quase todas são descartadas.',
    instead:
      'Escolha a linha por agregação: `ARRAY_AGG(t ORDER BY … LIMIT 1)[OFFSET(0)]`, ou `MAX_BY` para uma coluna.',
  },
  'exact-count-distinct': {
    title: 'Contagem exata de valores distintos',
    why: 'Cada valor precisa ser guardado até o fim para ser distinguido dos outros.',
    instead: 'Onde um por cento a mais ou a menos não faz diferença, use `APPROX_COUNT_DISTINCT`.',
  },
  'regexp-where-like-serves': {
    title: 'Expressão regular para texto simples',
    why: 'O padrão é texto simples, e procurá-lo com expressão regular custa mais.',
    instead: 'Use `LIKE`, `STARTS_WITH` ou `ENDS_WITH`.',
  },
  'string-comparison': {
    title: 'Valores comparados como texto',
    why: 'Cada linha é antes convertida em texto; números e datas se comparam mais rápido como são, e texto ordena diferente: 9 vem depois de 10.',
    instead: 'Compare os valores no tipo original e converta a constante.',
  },
  'filter-order': {
    title: 'Busca em texto antes de um filtro barato',
    why: 'O BigQuery pode avaliar as condições na ordem em que estão escritas, e então busca texto em linhas que outra condição descarta.',
    instead: 'Escreva primeiro as comparações com constantes, e por último as buscas em texto.',
  },
  'temporary-table-not-dropped': {
    title: 'Tabela temporária não removida',
    why: 'Ela fica armazenada, e é cobrada, por até um dia depois do script.',
    instead: 'Remova-a com DROP TABLE no fim do script.',
  },
  'persistent-table-dropped': {
    title: 'Tabela permanente criada só para ser removida',
    why: 'O que é removido continua guardado, e cobrado, por dias (time travel e fail-safe).',
    instead: 'Crie-a como tabela temporária.',
  },
};
