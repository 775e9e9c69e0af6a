/** What was typed and not added yet, by what it is for; kept as long as the paper is open. */
export type Drafts = Map<string, string>
