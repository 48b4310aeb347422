// The operations of the REST interface by name. One line each; what they mean is described at /api/docs.
import { createSend, type Transport } from './request';
import type * as T from './types';

export interface ConversationQuery {
  list: T.ConversationList;
  agent?: string | null;
  department?: string | null;
  /** Only what waits for an answer. */
  waiting?: boolean;
  label?: string | null;
  search?: string;
  after?: string | null;
  limit?: number;
}

const importQuery = (plan: string | null) => ({ dry_run: String(plan === null), plan });

/** Browsers call such files by several names. */
const TABLE = { 'Content-Type': 'text/csv' };

export interface OfflineQuery {
  state?: T.OfflineState | null;
  department?: string | null;
  contact?: string | null;
  search?: string;
  before?: string | null;
}

export interface PrivacyQuery {
  deed?: T.PrivacyDeed | null;
  /** Those alone of which a sealed copy is kept. */
  sealed?: boolean;
  before?: string | null;
}

/** Of when, as days of the calendar with both ends, and where. */
export interface RatingPlace {
  from: string;
  to: string;
  department?: string | null;
}

export interface RatingQuery extends RatingPlace {
  agent?: string | null;
  grade?: string | null;
  commented?: boolean | null;
  before?: string | null;
}

export interface TicketQuery {
  state?: T.TicketState | null;
  department?: string | null;
  assignee?: string | null;
  unassigned?: boolean | null;
  category?: string | null;
  uncategorized?: boolean | null;
  contact?: string | null;
  search?: string;
  before?: string | null;
}

export type Api = ReturnType<typeof createApi>;

export function createApi(transport: Transport) {
  const send = createSend(transport);
  const id = encodeURIComponent;
  return {
    setupNeeded: () => send<T.SetupState>('GET', '/setup'),
    openSetupLink: (body: T.SetupLink) => send<void>('POST', '/setup/open', { body }),
    setUp: (body: T.Setup) => send<T.Me>('POST', '/setup', { body }),

    /** Nothing where nobody is logged in. */
    me: () => send<T.Me | undefined>('GET', '/session'),
    logIn: (body: T.LogIn) => send<T.Me>('POST', '/session', { body }),
    logOut: () => send<void>('DELETE', '/session'),
    logOutEverywhere: () => send<void>('DELETE', '/sessions'),
    changeMe: (body: T.MeChange) => send<T.Me>('PATCH', '/me', { body }),
    changePassword: (body: T.PasswordChange) => send<void>('PUT', '/me/password', { body }),
    changeStatus: (body: T.StatusChange) => send<T.Me>('PUT', '/me/status', { body }),

    agents: (signal?: AbortSignal) => send<T.AgentPage>('GET', '/agents', { signal }),
    inviteAgent: (body: T.NewAgent) => send<T.InvitedAgent>('POST', '/agents', { body }),
    /** Looks while there is no plan; with one it does exactly that, or nothing. */
    importAgents: (file: Blob, plan: string | null, isMailed: boolean) =>
      send<T.AgentImport>('POST', '/agents/import', {
        content: file,
        headers: TABLE,
        query: { ...importQuery(plan), by_mail: String(isMailed) },
      }),
    renewInvitation: (agent: string) => send<T.Invitation>('POST', `/agents/${id(agent)}/invitation`),
    removeAgent: (agent: string) => send<void>('DELETE', `/agents/${id(agent)}`),
    changeAgent: (agent: string, body: T.AgentChange) =>
      send<T.ChangedAgent>('PATCH', `/agents/${id(agent)}`, { body }),
    openSurvey: (body: T.SurveyToken) => send<T.SurveyByLink>('POST', '/surveys/open', { body }),
    answerSurvey: (body: T.SurveyAnswer) => send<void>('POST', '/surveys/answer', { body }),
    ratingFigures: (query: RatingPlace, signal?: AbortSignal) =>
      send<T.RatingFigures>('GET', '/ratings/figures', { query: { ...query }, signal }),
    ratings: (query: RatingQuery, signal?: AbortSignal) =>
      send<T.RatingPage>('GET', '/ratings', { query: { ...query }, signal }),
    openInvitation: (body: T.InvitationToken) => send<T.OpenedInvitation>('POST', '/invitations/open', { body }),
    acceptInvitation: (body: T.Acceptance) => send<T.Me>('POST', '/invitations/accept', { body }),

    departments: (signal?: AbortSignal) => send<T.DepartmentPage>('GET', '/departments', { signal }),
    addDepartment: (body: T.NewDepartment) => send<T.Department>('POST', '/departments', { body }),
    importDepartments: (file: Blob, plan: string | null) =>
      send<T.DepartmentImport>('POST', '/departments/import', {
        content: file,
        headers: TABLE,
        query: importQuery(plan),
      }),
    removeDepartment: (department: string) => send<void>('DELETE', `/departments/${id(department)}`),
    changeDepartment: (department: string, body: T.DepartmentChange) =>
      send<T.ChangedDepartment>('PATCH', `/departments/${id(department)}`, { body }),

    projects: (signal?: AbortSignal) => send<T.ProjectPage>('GET', '/projects', { signal }),
    addProject: (body: T.NewProject) => send<T.Project>('POST', '/projects', { body }),
    changeProject: (project: string, body: T.ProjectChange) =>
      send<T.Project>('PATCH', `/projects/${id(project)}`, { body }),
    /** Who is associated already has the new level. */
    associate: (project: string, body: T.Association) =>
      send<T.Project>('POST', `/projects/${id(project)}/specialists`, { body }),
    eraseSpecialists: (project: string, body: T.Erasure) =>
      send<T.Project>('POST', `/projects/${id(project)}/specialists/erase`, { body }),

    changeWorkspace: (body: T.WorkspaceChange) => send<T.Workspace>('PATCH', '/workspace', { body }),

    /** A picture for show; kept for a day until something that shows it is saved. */
    addPicture: (file: Blob) =>
      send<T.Picture>('POST', '/pictures', { content: file, headers: { 'content-type': file.type || 'image/png' } }),

    /** Every connection there ever was, for everyone: rows show where a conversation comes from. */
    connectionBadges: () => send<T.ConnectionBadges>('GET', '/connections/badges'),
    identitySecret: (connection: string) =>
      send<T.IdentitySecret>('GET', `/connections/${id(connection)}/identity-secret`),
    renewIdentitySecret: (connection: string) =>
      send<T.IdentitySecret>('POST', `/connections/${id(connection)}/identity-secret`),
    connections: (signal?: AbortSignal) => send<T.ConnectionPage>('GET', '/connections', { signal }),
    connection: (connection: string) => send<T.Connection>('GET', `/connections/${id(connection)}`),
    addConnection: (body: T.NewConnection) => send<T.Connection>('POST', '/connections', { body }),
    changeConnection: (connection: string, version: number, body: T.ConnectionChange) =>
      send<T.Connection>('PATCH', `/connections/${id(connection)}`, { body, ifMatch: version }),
    deleteConnection: (connection: string) => send<void>('DELETE', `/connections/${id(connection)}`),

    conversations: (query: ConversationQuery, signal?: AbortSignal) =>
      send<T.ConversationPage>('GET', '/conversations', { query: { ...query }, signal }),
    conversation: (conversation: string, signal?: AbortSignal) =>
      send<T.OpenedConversation>('GET', `/conversations/${id(conversation)}`, { signal }),
    earlierMessages: (conversation: string, before: number, signal?: AbortSignal, limit = 50) =>
      send<T.MessagePage>('GET', `/conversations/${id(conversation)}/messages`, {
        query: { before, limit },
        signal,
      }),
    sendMessage: (conversation: string, body: T.NewMessage) =>
      send<T.Message>('POST', `/conversations/${id(conversation)}/messages`, { body }),

    /** The four of one upload: `Transport` in @balcao/files says how they go together. */
    beginUpload: (body: T.NewUpload) => send<T.FileUpload>('POST', '/files', { body }),
    appendUpload: (file: string, offset: number, content: Blob, signal?: AbortSignal) =>
      send<T.FileUpload>('PATCH', `/files/${id(file)}`, {
        content,
        signal,
        headers: { 'Upload-Offset': String(offset) },
      }),
    uploadState: (file: string) => send<T.FileUpload>('GET', `/files/${id(file)}`),
    deleteUpload: (file: string) => send<void>('DELETE', `/files/${id(file)}`),
    /** With addresses that are good for another while. */
    fileOf: (conversation: string, file: string) =>
      send<T.FileShown>('GET', `/conversations/${id(conversation)}/files/${id(file)}`),

    take: (conversation: string) => send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/take`),
    returnToQueue: (conversation: string) =>
      send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/return`),
    close: (conversation: string) => send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/close`),
    reopen: (conversation: string) => send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/reopen`),
    /** Takes a closing back: to whoever had it, or to its place in the queue. */
    restore: (conversation: string) =>
      send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/reopen`, { body: { restore: true } }),
    transfer: (conversation: string, body: T.Transfer) =>
      send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/transfer`, { body }),
    /** Takes one's own transfer, or return to the queue, back: to where it was. */
    takeBack: (conversation: string) => send<T.ConversationRow>('POST', `/conversations/${id(conversation)}/take_back`),

    labels: (signal?: AbortSignal) => send<T.LabelPage>('GET', '/labels', { signal }),
    labelUses: (signal?: AbortSignal) => send<T.LabelUses>('GET', '/labels/uses', { signal }),
    addLabel: (body: T.NewLabel) => send<T.Label>('POST', '/labels', { body }),
    changeLabel: (label: string, body: T.LabelChange) => send<T.Label>('PATCH', `/labels/${id(label)}`, { body }),
    quickReplies: (signal?: AbortSignal) => send<T.QuickReplyPage>('GET', '/quick-replies', { signal }),
    usableQuickReplies: (signal?: AbortSignal) =>
      send<T.UsableQuickReplies>('GET', '/quick-replies/usable', { signal }),
    addQuickReply: (body: T.NewQuickReply) => send<T.QuickReply>('POST', '/quick-replies', { body }),
    changeQuickReply: (reply: string, body: T.QuickReplyChange) =>
      send<T.QuickReply>('PATCH', `/quick-replies/${id(reply)}`, { body }),
    deleteQuickReply: (reply: string) => send<void>('DELETE', `/quick-replies/${id(reply)}`),
    deleteLabel: (label: string) => send<void>('DELETE', `/labels/${id(label)}`),
    /** Either is safe to repeat. */
    putLabelOn: (conversation: string, label: string) =>
      send<T.ConversationRow>('PUT', `/conversations/${id(conversation)}/labels/${id(label)}`),
    takeLabelOff: (conversation: string, label: string) =>
      send<T.ConversationRow>('DELETE', `/conversations/${id(conversation)}/labels/${id(label)}`),

    visitorsOnSite: (connection: string | null, signal?: AbortSignal) =>
      send<T.GuestPage>('GET', '/visitors', { query: { connection }, signal }),
    offlineMessages: (query: OfflineQuery, signal?: AbortSignal) =>
      send<T.OfflineMessagePage>('GET', '/offline-messages', { query: { ...query }, signal }),
    offlineCounters: () => send<T.OfflineCounters>('GET', '/offline-messages/counters'),
    offlineMessage: (message: string, signal?: AbortSignal) =>
      send<T.OfflineMessage>('GET', `/offline-messages/${id(message)}`, { signal }),
    readOfflineMessage: (message: string) => send<T.OfflineMessage>('PUT', `/offline-messages/${id(message)}/read`),
    readdressOffline: (message: string, body: { email: string }) =>
      send<T.OfflineMessage>('PATCH', `/offline-messages/${id(message)}`, { body }),
    replyOffline: (message: string, body: { client_id: string; text: string; files: readonly string[] }) =>
      send<T.OfflineMessage>('POST', `/offline-messages/${id(message)}/replies`, { body }),
    retryOfflineReply: (message: string, entry: string) =>
      send<T.OfflineMessage>('POST', `/offline-messages/${id(message)}/replies/${id(entry)}/retry`),
    makeTicket: (message: string) => send<T.Ticket>('POST', `/offline-messages/${id(message)}/ticket`),

    tickets: (query: TicketQuery, signal?: AbortSignal) =>
      send<T.TicketPage>('GET', '/tickets', { query: { ...query }, signal }),
    ticketCounters: () => send<T.TicketCounters>('GET', '/tickets/counters'),
    ticket: (ticket: string, signal?: AbortSignal) => send<T.Ticket>('GET', `/tickets/${id(ticket)}`, { signal }),
    ticketCategories: () => send<T.TicketCategoryPage>('GET', '/ticket-categories'),
    ticketCategoryUses: () => send<T.TicketCategoryUses>('GET', '/ticket-categories/uses'),
    addTicketCategory: (body: { name: string }) => send<T.TicketCategory>('POST', '/ticket-categories', { body }),
    changeTicketCategory: (category: string, body: T.TicketCategoryChange) =>
      send<T.TicketCategory>('PATCH', `/ticket-categories/${id(category)}`, { body }),
    deleteTicketCategory: (category: string) => send<void>('DELETE', `/ticket-categories/${id(category)}`),
    changeTicket: (ticket: string, body: T.TicketForm) => send<T.Ticket>('PATCH', `/tickets/${id(ticket)}`, { body }),

    findContacts: (search: string) =>
      send<{ items: readonly T.ContactFound[]; has_more: boolean }>('GET', '/privacy/contacts', { query: { search } }),
    exportContact: (contact: string) => send<unknown>('POST', `/privacy/contacts/${id(contact)}/export`),
    eraseContact: (contact: string, body: { reason: string }) =>
      send<undefined>('POST', `/privacy/contacts/${id(contact)}/erase`, { body }),
    privacyRequests: (query: PrivacyQuery, signal?: AbortSignal) =>
      send<T.PrivacyRequestPage>('GET', '/privacy/requests', { query: { ...query }, signal }),
    openSealed: (request: string) => send<unknown>('POST', `/privacy/requests/${id(request)}/open`),

    mailAccount: (signal?: AbortSignal) => send<T.MailAccount>('GET', '/mail', { signal }),
    changeMail: (version: number, body: T.MailChange) =>
      send<T.MailAccount>('PATCH', '/mail', { body, ifMatch: version }),
    /** With what is in the form and not saved yet. */
    testMail: (what: 'sending' | 'fetching', body: T.MailChange) =>
      send<T.MailTried>('POST', `/mail/test-${what}`, { body }),
    /** Where the browser goes to be asked for consent; it comes back to the account's redirect address. */
    askMailConsent: () => send<T.ConsentAddress>('POST', '/mail/consent'),
    bringMailConsent: (body: T.ConsentBrought) => send<T.MailAccount>('POST', '/mail/consent/finish', { body }),
    dropMailConsent: () => send<T.MailAccount>('DELETE', '/mail/consent'),

    hours: (signal?: AbortSignal) => send<T.HoursPage>('GET', '/hours', { signal }),
    saveHours: (body: T.HoursChange) => send<T.HoursOf>('PUT', '/hours', { body }),
    /** Brazil's, of a year; with two letters of a state also its own. */
    holidays: (year: number, state: string | null, signal?: AbortSignal) =>
      send<T.HolidayPage>('GET', '/hours/holidays', { query: { year, state }, signal }),
    /** 0 minutes end it. */
    extendShift: (agent: string, minutes: number) =>
      send<void>('PUT', `/agents/${id(agent)}/extension`, { body: { minutes } }),
    team: (signal?: AbortSignal) => send<T.Team>('GET', '/team', { signal }),
    /** All open conversations of somebody, in one action; safe to repeat. */
    handOver: (agent: string, body: T.HandOver) =>
      send<T.HandedOver>('POST', `/agents/${id(agent)}/hand_over`, { body }),

    /** Words, each of which may be the beginning of one; the newest fifty. */
    searchMessages: (q: string, signal?: AbortSignal) =>
      send<T.FoundMessages>('GET', '/messages/search', { query: { q }, signal }),
  };
}
