// The shapes of the REST interface by the names the console uses. All of them come from the description the server
// writes of itself (`make gen`); nothing is written down a second time here.
import type { components } from './schema';

type Schemas = components['schemas'];

/** The server leaves nothing out of an answer: what there is not is null. Forms are edited, so nothing is read-only. */
type Whole<T> = { -readonly [Key in keyof T]-?: Whole<T[Key]> };
type Answer<Name extends keyof Schemas> = Whole<Schemas[Name]>;

export type Role = Schemas['Role'];
export type Status = Schemas['AgentStatus'];
export type StatusOnLogin = Schemas['StatusOnLogin'];
export type Language = Schemas['Language'];
export type Theme = Schemas['Theme'];
export type Channel = Schemas['Channel'];
export type ConversationState = Schemas['ConversationState'];
export type ConversationList = Exclude<ConversationState, 'bot'>;
export type Permission = Schemas['Permission'];

export type ErrorCode = Schemas['ErrorCode'];
export type FieldError = Schemas['FieldAnswer'];
export type ErrorBody = Schemas['ErrorAnswer'];

export type Distribution = Schemas['Distribution'];
export type DepartmentDistribution = Schemas['DepartmentDistribution'];

export type Workspace = Answer<'Workspace'>;
/** What is left out stays, also among the limits of files. */
export type WorkspaceChange = Omit<Schemas['WorkspaceForm'], 'files' | 'survey' | 'idle' | 'messages' | 'privacy'> & {
  files?: Partial<Workspace['files']>;
  survey?: Partial<Workspace['survey']>;
  idle?: Partial<Workspace['idle']>;
  messages?: Partial<Workspace['messages']>;
  privacy?: Partial<Workspace['privacy']>;
};

export type Me = Answer<'Me'>;
export type MeChange = Schemas['ProfileForm'];
export type LogIn = Schemas['LogInForm'];
export type PasswordChange = Schemas['PasswordForm'];
export type StatusChange = Schemas['StatusForm'];
export type SetupState = Schemas['SetupShown'];
export type Setup = Schemas['SetUpForm'];
export type SetupLink = Schemas['SetUpLink'];

export type DepartmentMembership = Answer<'Membership'>;
export type Agent = Answer<'Agent'>;
export type AgentPage = Answer<'AgentsAnswer'>;
export type AgentChange = Partial<
  Pick<Agent, 'name' | 'role' | 'departments' | 'is_active' | 'status_on_login' | 'simultaneous_limit'>
>;
/** With how many conversations are open with them. */
export type ChangedAgent = Answer<'ChangedAgent'>;
export type NewAgent = Whole<Schemas['InviteForm']>;
export type InvitedAgent = Answer<'InvitedAnswer'>;
export type Invitation = Answer<'InvitationAnswer'>;
export type ImportAction = Schemas['ImportAction'];
export type AgentImportRow = Answer<'AgentImportRow'>;
export type AgentImport = Answer<'AgentImportAnswer'>;
export type DepartmentImportRow = Answer<'DepartmentImportRow'>;
export type DepartmentImport = Answer<'DepartmentImportAnswer'>;
/** What every row of an imported table says. */
export type ImportRow = Pick<AgentImportRow, 'line' | 'action' | 'faults'>;
export type ImportAnswer<Row extends ImportRow> = Pick<AgentImport, 'is_done' | 'plan' | 'counts'> & { rows: Row[] };
export type InvitationToken = Schemas['InvitationToken'];
export type OpenedInvitation = Answer<'InvitationShown'>;
export type Acceptance = Schemas['AcceptForm'];

export type Picture = Answer<'PictureAnswer'>;

export type Department = Answer<'Department'>;
export type ChangedDepartment = Answer<'ChangedDepartment'>;
export type DepartmentPage = Answer<'DepartmentsAnswer'>;
export type NewDepartment = Pick<Department, 'name'> & Partial<Pick<Department, 'distribution' | 'project_id'>>;
export type DepartmentLooks = Department['looks'];
export type DepartmentChange = Partial<
  Pick<
    Department,
    | 'name'
    | 'is_active'
    | 'distribution'
    | 'project_id'
    | 'simultaneous_limit'
    | 'overflow_department_id'
    | 'overflow_minutes'
  >
> & {
  messages?: Partial<Department['messages']>;
  looks?: Partial<DepartmentLooks>;
  switches?: Partial<Department['switches']>;
};

export type Project = Answer<'Project'>;
export type ProjectPage = Answer<'ProjectsAnswer'>;
export type NewProject = Pick<Project, 'name'>;
export type ProjectChange = Partial<Pick<Project, 'name' | 'has_chat' | 'only_specialists' | 'is_removed'>>;
/** A person, or a group, which is a department, with the level at which it serves a project. */
export type Associated = Answer<'Associated'>;
export type CareLevel = Associated['level'];
export type Association = { specialists: Associated[]; only_specialists?: boolean };
export type Erasure = { specialists: Pick<Associated, 'kind' | 'id'>[] };

export type Label = Answer<'Label'>;
export type LabelPage = Answer<'LabelsAnswer'>;
export type LabelUse = Answer<'LabelUse'>;
export type LabelUses = Answer<'LabelUsesAnswer'>;
export type LabelColour = Schemas['LabelColour'];
export type LabelField = Schemas['LabelField'];
export type LabelOperator = Schemas['LabelOperator'];
export type LabelCondition = Answer<'LabelCondition'>;
export type AppliedLabel = Answer<'AppliedLabel'>;
export type Hours = Answer<'Hours'>;
export type HoursOf = Answer<'HoursOf'>;
export type HoursPage = Answer<'HoursAnswer'>;
export type HoursChange = Answer<'HoursForm'>;
export type Holiday = Answer<'Holiday'>;
export type HolidayPage = Answer<'HolidaysAnswer'>;
export type ShiftNow = Answer<'ShiftNow'>;
export type SurveyToken = Schemas['SurveyToken'];
export type SurveyByLink = Answer<'SurveyByLink'>;
export type SurveyAnswer = Schemas['SurveyAnswerForm'];
/** What visitors said, counted: of all, of a person, of a department. */
export type RatingCounts = Answer<'RatingCounts'>;
export type GradeCount = Answer<'GradeCount'>;
export type RatingFigures = Answer<'RatingFigures'>;
export type RatingRow = Answer<'RatingRow'>;
export type RatingPage = Answer<'RatingsAnswer'>;
export type Paused = Answer<'Paused'>;
export type Pause = Answer<'Pause'>;
export type QuickReply = Answer<'QuickReply'>;
export type QuickReplyPage = Answer<'QuickRepliesAnswer'>;
export type UsableQuickReplies = Answer<'UsableQuickRepliesAnswer'>;
export type Greetings = Answer<'Greetings'>;
export type NewQuickReply = Pick<QuickReply, 'shortcut' | 'text' | 'departments'> & { is_active?: boolean };
export type QuickReplyChange = Partial<NewQuickReply>;
export type NewLabel = Pick<Label, 'name' | 'colour' | 'conditions'>;
export type LabelChange = Partial<NewLabel & Pick<Label, 'is_active'>>;

export type TeamMember = Answer<'TeamMember'>;
/** What somebody of the team has to do at the moment; the socket tells it when it changes. */
export type TeamLoad = Pick<TeamMember, 'open' | 'waiting' | 'waiting_since' | 'limit'> & {
  assigned_at: string | null;
};
export type Team = Answer<'TeamAnswer'>;
export type Transfer = Schemas['TransferForm'];
export type HandOver = Schemas['HandOverForm'];
export type HandedOver = Answer<'HandOverAnswer'>;

export type WebchatSettings = Answer<'WebchatSettings'>;
export type Connection = Answer<'Connection'>;
export type ConnectionPage = Answer<'ConnectionsAnswer'>;
export type NewConnection = Pick<Connection, 'channel' | 'name' | 'department_id' | 'is_enabled' | 'settings'>;
export type ConnectionChange = Partial<Pick<Connection, 'name' | 'department_id' | 'is_enabled'>> & {
  settings?: Partial<WebchatSettings>;
};
export type ConnectionBadge = Answer<'ConnectionBadge'>;
export type ConnectionBadges = Answer<'BadgesAnswer'>;

export type Contact = Answer<'ContactShown'>;
export type Sender = Schemas['AuthorKind'];
export type MessageKind = Schemas['MessageKind'];
export type MessageEventCode = Schemas['TimelineEvent'];
export type Message = Answer<'Message'>;
export type MessagePage = Answer<'MessagesAnswer'>;
export type NewMessage = Pick<Message, 'text'> & {
  client_id: Schemas['ClientId'];
  kind: Schemas['SendKind'];
  /** The id of a stored upload. */
  file?: string;
};
export type { FileKind, FileShown, FileUpload, NewUpload } from '@balcao/files';
export type FoundMessage = Answer<'FoundMessage'>;
export type FoundMessages = Answer<'SearchAnswer'>;

export type Watermark = Answer<'Watermark'>;
export type Marks = Answer<'Marks'>;
export type Counters = Answer<'Counters'>;
export type LastMessage = Answer<'LastMessage'>;
export type Page = Answer<'Page'>;
export type VisitedPage = Answer<'VisitedPage'>;
export type GuestShown = Answer<'GuestShown'>;
export type GuestPage = Answer<'GuestsAnswer'>;
export type ConversationRow = Answer<'ConversationRow'>;
export type ConversationDetail = Answer<'ConversationDetail'>;
export type IdentitySecret = Answer<'IdentitySecretAnswer'>;
export type ConversationPage = Answer<'ListAnswer'>;
export type OpenedConversation = Answer<'ShowAnswer'>;

export type OfflineState = Schemas['OfflineState'];
export type OfflineCounters = Answer<'OfflineCounters'>;
export type OfflineMessageRow = Answer<'OfflineMessageRow'>;
export type OfflineMessagePage = Answer<'OfflineMessagesAnswer'>;
export type OfflineMessage = Answer<'OfflineMessageShown'>;
export type OfflineEntry = Answer<'OfflineEntry'>;

export type PrivacyDeed = Schemas['PrivacyDeed'];
export type ContactFound = Answer<'ContactFound'>;
export type PrivacyRequest = Answer<'PrivacyRequest'>;
export type PrivacyRequestPage = Answer<'PrivacyRequestsAnswer'>;

export type TicketState = Schemas['TicketState'];
export type TicketPriority = Schemas['TicketPriority'];
export type TicketCounters = Answer<'TicketCounters'>;
export type TicketRow = Answer<'TicketRow'>;
export type TicketPage = Answer<'TicketsAnswer'>;
export type Ticket = Answer<'TicketShown'>;
export type TicketChange = Answer<'TicketChange'>;
export type TicketCategory = Answer<'TicketCategory'>;
export type TicketCategoryPage = Answer<'TicketCategoriesAnswer'>;
export type TicketCategoryUses = Answer<'TicketCategoryUsesAnswer'>;
export type TicketCategoryChange = Partial<Pick<TicketCategory, 'name' | 'is_active'>>;
export type TicketForm = Schemas['TicketForm'];

export type MailFault = Schemas['MailFault'];
export type MailSecurity = Schemas['MailSecurity'];
export type MailSettings = Answer<'MailSettings'>;
export type MailAccount = Answer<'MailAccount'>;
export type MailTried = Answer<'MailTried'>;
export type MailLogin = Schemas['MailLogin'];
export type OauthProvider = Schemas['OauthProvider'];
export type ConsentAddress = Answer<'MailConsentAddress'>;
export type ConsentBrought = Schemas['MailConsentForm'];
/** What is left out stays; an empty password is none. */
export interface MailChange {
  settings?: Partial<Omit<MailSettings, 'smtp' | 'imap' | 'oauth'>> & {
    smtp?: Partial<MailSettings['smtp']>;
    imap?: Partial<MailSettings['imap']>;
    oauth?: Partial<MailSettings['oauth']>;
  };
  smtp_password?: string;
  imap_password?: string;
  client_secret?: string;
}
