/** Words for the made-up data, in the language of the people who work with it. */

export const FIRST_NAMES = [
  'Ana',
  'Bruno',
  'Carla',
  'Diego',
  'Elisa',
  'Felipe',
  'Gabriela',
  'Heitor',
  'Isabela',
  'João',
  'Karina',
  'Lucas',
  'Marina',
  'Nelson',
  'Olívia',
  'Paulo',
  'Renata',
  'Sérgio',
  'Tatiana',
  'Vítor',
];
export const LAST_NAMES = [
  'Almeida',
  'Barbosa',
  'Cardoso',
  'Duarte',
  'Esteves',
  'Ferreira',
  'Gomes',
  'Lima',
  'Moreira',
  'Nogueira',
  'Oliveira',
  'Pereira',
  'Ramos',
  'Souza',
  'Teixeira',
];
export const QUEUES = ['cobranca', 'contratacao', 'portabilidade', 'ouvidoria', 'app'];
export const CHANNELS = ['chat', 'whatsapp', 'email', 'telefone'];
export const STATES = ['SP', 'RJ', 'MG', 'BA', 'PR', 'RS', 'PE', 'CE', 'PA', 'GO', 'SC', 'DF'];
export const TAGS = ['boleto', 'segunda-via', 'quitacao', 'reclamacao', 'elogio', 'fraude'];
export const SUBJECTS = [
  'Segunda via de boleto',
  'Antecipação de parcelas',
  'Desconto em folha',
  'Acesso ao aplicativo',
  'Portabilidade de contrato',
  'Comprovante de quitação',
  'Valor da parcela divergente',
];

export const CUSTOMER_SAYS = [
  'Bom dia, paguei a parcela deste mês e ela ainda aparece em aberto no aplicativo.',
  'Preciso da segunda via do boleto com vencimento na próxima semana, por favor.',
  'Gostaria de antecipar as últimas parcelas do contrato. Como fica o desconto?',
  'O valor descontado na minha folha veio diferente do que está no contrato que assinei.',
  'Não consigo entrar no aplicativo desde a atualização de ontem; aparece uma tela em branco.',
  'Quitei o empréstimo no mês passado e preciso do comprovante para levar ao meu banco.',
  'Recebi uma ligação oferecendo renegociação. Podem confirmar se foi mesmo de vocês?',
  'Obrigado pelo retorno rápido! Ficou resolvido.',
];

export const AGENT_SAYS = [
  'Olá! Localizei o pagamento; ele entra na conciliação de hoje e a parcela é baixada até amanhã cedo.',
  'Enviei a segunda via para o seu e-mail cadastrado. Posso ajudar em mais alguma coisa?',
  'Fiz a simulação da antecipação e anexei o demonstrativo com o desconto proporcional de juros.',
  'Abri uma verificação com a área de folha; o retorno sai em até dois dias úteis.',
  'Pode, por favor, atualizar o aplicativo para a versão mais recente e tentar entrar de novo?',
  'Seu comprovante de quitação está pronto e também fica disponível na área do cliente.',
  'Essa ligação não partiu da nossa central. Já registrei o caso para a equipe de segurança.',
];

export const SURVEY_COMMENTS = [
  'Atendimento muito bom.',
  'Demorou, mas resolveu.',
  'Tive de explicar tudo duas vezes.',
  'Nota máxima para quem me atendeu!',
  'Ainda não resolveram o meu caso.',
];

export const FUND_MANAGERS = [
  'Aroeira Capital',
  'Baobá Investimentos',
  'Cambuí Asset',
  'Dendê Crédito',
  'Embaúba Gestão',
  'Figueira FIDC',
  'Guapuruvu Partners',
  'Hibisco Recebíveis',
  'Ipê Fundos',
  'Jacarandá Asset',
  'Kiri Capital',
  'Lapacho Crédito',
];
export const PRODUCTS = ['consignado-publico', 'consignado-privado', 'pessoal', 'veiculo'];
export const PAYMENT_METHODS = ['folha', 'pix', 'boleto', 'debito'];
