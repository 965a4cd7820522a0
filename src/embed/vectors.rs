//! Vectors of a taxonomy's skill names, worked out once and kept, and the skills nearest to a text.

use super::{EmbedError, Embedder};
use crate::store::{DataDir, hash_bytes};
use crate::types::{LabelKind, Lang, RankedFile, RankedList, RankedSkill, Taxonomy};
use rayon::prelude::*;

/// Bytes of the hash at the end of a kept file, as hex.
const HASH_BYTES: usize = 64;
/// Names whose vectors are worked out together.
const CHUNK: usize = 4096;

/// A text to rank skills for.
#[derive(Debug, Clone, Copy)]
pub struct Text<'t> {
    /// Id in the result.
    pub id: &'t str,
    /// The words.
    pub text: &'t str,
    /// Their language.
    pub lang: Lang,
}

/// Unit vectors of every preferred and alternative name of the skills.
pub struct SkillVectors {
    width: usize,
    /// Row by row.
    vectors: Vec<f32>,
    /// Skill and language of each row.
    names: Vec<(usize, Lang)>,
}

impl SkillVectors {
    /// Reads what was kept for this model and these names, or works it out and keeps it; `told` hears how many names
    /// are done.
    ///
    /// # Errors
    /// When the model fails or the disk refuses.
    pub fn of(
        embedder: &Embedder,
        taxonomy: &Taxonomy,
        data: &DataDir,
        told: &dyn Fn(usize, usize),
    ) -> Result<Self, EmbedError> {
        let (mut names, mut texts) = (Vec::new(), Vec::new());
        for (at, skill) in taxonomy.skills.iter().enumerate() {
            for label in skill.labels.iter().filter(|label| label.kind != LabelKind::Hidden) {
                names.push((at, label.lang));
                texts.push(label.text.as_str());
            }
        }
        let key = hash_bytes(format!("{}\n{}", embedder.id(), texts.join("\n")).as_bytes());
        let file = format!("{key}.vectors");
        let kept = data.kept_model(&file).and_then(|bytes| unpacked(&bytes, texts.len()));
        let (width, vectors) = match kept {
            Some(kept) => kept,
            None => {
                let worked_out = worked_out(embedder, &texts, told)?;
                data.keep_model(&file, &packed(worked_out.0, &worked_out.1))?;
                worked_out
            }
        };
        Ok(Self { width, vectors, names })
    }

    /// The `top` skills of each text by the cosine of the nearest name in the text's language; a skill without one in it
    /// is judged by all its names.
    ///
    /// # Errors
    /// When the model fails.
    fn rank(&self, embedder: &Embedder, texts: &[Text<'_>], top: usize) -> Result<Vec<Nearest>, EmbedError> {
        let queries = embedder.encode(&texts.iter().map(|t| t.text).collect::<Vec<_>>())?;
        let ranked = texts.par_iter().zip(queries).map(|(text, query)| self.nearest(&unit(query), text.lang, top));
        Ok(ranked.collect())
    }

    fn nearest(&self, query: &[f32], lang: Lang, top: usize) -> Nearest {
        let count = self.names.last().map_or(0, |(skill, _)| skill + 1);
        let nothing = f32::NEG_INFINITY;
        let (mut own, mut any) = (vec![nothing; count], vec![nothing; count]);
        for (row, (skill, said)) in self.vectors.chunks_exact(self.width.max(1)).zip(&self.names) {
            let cosine: f32 = row.iter().zip(query).map(|(a, b)| a * b).sum();
            let best = if *said == lang { own.get_mut(*skill) } else { any.get_mut(*skill) };
            best.into_iter().for_each(|best| *best = best.max(cosine));
        }
        let scores = own.iter().zip(any).map(|(own, any)| if *own > nothing { *own } else { any }).enumerate();
        let mut scores: Vec<(usize, f32)> = scores.filter(|(_, score)| score.is_finite()).collect();
        scores.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores.truncate(top);
        scores
    }

    /// [`SkillVectors::rank`] as the lists another program would hand in.
    ///
    /// # Errors
    /// When the model fails.
    pub fn lists(
        &self,
        embedder: &Embedder,
        taxonomy: &Taxonomy,
        texts: &[Text<'_>],
        top: usize,
    ) -> Result<RankedFile, EmbedError> {
        let uri = |at: usize| taxonomy.skills.get(at).map(|s| s.id.0.clone()).unwrap_or_default();
        let skills = |ranked: Nearest| -> Vec<RankedSkill> {
            ranked.into_iter().map(|(at, score)| RankedSkill { uri: uri(at), score: f64::from(score) }).collect()
        };
        let ranked = self.rank(embedder, texts, top)?;
        let lists = texts.iter().zip(ranked).map(|(t, r)| RankedList { id: t.id.to_owned(), skills: skills(r) });
        Ok(RankedFile { lists: lists.collect(), repeat_count: 0 })
    }
}

/// Skills with their cosine, nearest first.
type Nearest = Vec<(usize, f32)>;

fn worked_out(
    embedder: &Embedder,
    texts: &[&str],
    told: &dyn Fn(usize, usize),
) -> Result<(usize, Vec<f32>), EmbedError> {
    let (mut width, mut vectors) = (0, Vec::new());
    for (at, chunk) in texts.chunks(CHUNK).enumerate() {
        for vector in embedder.encode(chunk)? {
            width = vector.len();
            vectors.extend(unit(vector));
        }
        told(at * CHUNK + chunk.len(), texts.len());
    }
    Ok((width, vectors))
}

fn unit(vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.into_iter().map(|x| x / length).collect()
}

/// Width, numbers and a hash of both.
fn packed(width: usize, vectors: &[f32]) -> Vec<u8> {
    let mut bytes = (width as u64).to_le_bytes().to_vec();
    vectors.iter().for_each(|x| bytes.extend(x.to_le_bytes()));
    let hash = hash_bytes(&bytes);
    bytes.extend(hash.as_bytes());
    bytes
}

/// Nothing when the bytes are damaged or of other names: they are worked out again.
fn unpacked(bytes: &[u8], rows: usize) -> Option<(usize, Vec<f32>)> {
    let (body, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH_BYTES)?)?;
    if hash_bytes(body).as_bytes() != hash {
        return None;
    }
    let (width, numbers) = body.split_first_chunk::<8>()?;
    let width = usize::try_from(u64::from_le_bytes(*width)).ok()?;
    let vectors: Vec<f32> = numbers.as_chunks::<4>().0.iter().map(|x| f32::from_le_bytes(*x)).collect();
    (vectors.len() == rows.checked_mul(width)?).then_some((width, vectors))
}
