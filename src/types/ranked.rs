//! Lists of skills that another model made for texts.

/// A skill in such a list.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedSkill {
    /// The skill as the file names it; the taxonomy may not have it.
    pub uri: String,
    /// The model's score, on any scale; more is better.
    pub score: f64,
}

/// What a model says of one text.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedList {
    /// Id of the learning outcome or query, or its words.
    pub id: String,
    /// Best first, each skill once.
    pub skills: Vec<RankedSkill>,
}

/// All that a model says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RankedFile {
    /// One list an id, sorted by id.
    pub lists: Vec<RankedList>,
    /// Skills that a list named again; their best score was kept.
    pub repeat_count: u64,
}
