//! The graph as a picture: layers from left to right, each resource right of what comes before it.
//!
//! A small form of the method of Sugiyama: layers by the longest way, places for edges that pass through layers, an order in
//! each layer that follows the neighbours, then heights that follow them too.

use crate::terminal::{cut, printable};
use plan::{View, ViewEdge};
use resource::Key;
use std::collections::HashMap;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// The height of a box and the gaps, in pixels.
const HEIGHT: i64 = 28;
const ROW_GAP: i64 = 14;
const LAYER_GAP: i64 = 70;
const MARGIN: i64 = 20;
/// The height of a row through which only edges pass.
const THIN: i64 = 8;
/// How wide a character is, in tenths of a pixel, and the room beside a text.
const CHARACTER: i64 = 75;
const PADDING: i64 = 10;
/// The longest name that is shown whole, in columns.
const LONGEST: usize = 60;
/// How often orders and heights are brought nearer to the neighbours'.
const SWEEPS: usize = 8;
/// How many places edges may take on their way. Where they would take more, they are drawn straight, across what is there.
const MOST_PLACES: usize = 20_000;

/// What stands in a layer: a resource, or an edge that passes through.
struct Place {
    layer: usize,
    /// The text, where it is a resource.
    text: Option<String>,
    before: Vec<usize>,
    after: Vec<usize>,
    /// The middle of it.
    height: i64,
}

/// The picture, as SVG.
pub(crate) fn svg(view: &View) -> String {
    let index: HashMap<&Key, usize> = view.vertices.iter().enumerate().map(|(at, it)| (&it.key, at)).collect();
    let edges: Vec<(usize, usize, &ViewEdge)> =
        view.edges.iter().filter_map(|it| Some((*index.get(&it.from)?, *index.get(&it.to)?, it))).collect();
    let ends: Vec<(usize, usize)> = edges.iter().map(|(from, to, _)| (*from, *to)).collect();
    let mut layout = Layout::new(view, &ends);
    layout.order();
    layout.place();
    layout.draw(view, &edges)
}

struct Layout {
    places: Vec<Place>,
    layers: Vec<Vec<usize>>,
    /// The places that each edge passes, its ends included.
    ways: Vec<Vec<usize>>,
}

impl Layout {
    fn new(view: &View, edges: &[(usize, usize)]) -> Layout {
        let layer_of = layers(view.vertices.len(), edges);
        let mut places: Vec<Place> = Vec::new();
        for (vertex, layer) in view.vertices.iter().zip(&layer_of) {
            let text = Some(printable(&vertex.key.to_string()).into_owned());
            places.push(Place { layer: *layer, text, before: Vec::new(), after: Vec::new(), height: 0 });
        }
        let passed = |(from, to): &(usize, usize)| layer_of[*to] - layer_of[*from] - 1;
        let is_bent = edges.iter().map(passed).sum::<usize>() <= MOST_PLACES;
        let mut ways = Vec::new();
        for edge in edges {
            let mut way = vec![edge.0];
            for layer in (layer_of[edge.0] + 1..layer_of[edge.1]).filter(|_| is_bent) {
                way.push(places.len());
                places.push(Place { layer, text: None, before: Vec::new(), after: Vec::new(), height: 0 });
            }
            way.push(edge.1);
            for pair in way.windows(2) {
                places[pair[0]].after.push(pair[1]);
                places[pair[1]].before.push(pair[0]);
            }
            ways.push(way);
        }
        let mut layers = vec![Vec::new(); places.iter().map(|it| it.layer + 1).max().unwrap_or_default()];
        for (at, place) in places.iter().enumerate() {
            layers[place.layer].push(at);
        }
        Layout { places, layers, ways }
    }

    /// Brings what is related near to each other: each place goes to the middle of its neighbours, to and fro.
    fn order(&mut self) {
        let mut rank = vec![0; self.places.len()];
        let number =
            |rank: &mut Vec<usize>, layer: &[usize]| layer.iter().enumerate().for_each(|(at, it)| rank[*it] = at);
        self.layers.iter().for_each(|layer| number(&mut rank, layer));
        for sweep in 0..SWEEPS {
            let forward = sweep % 2 == 0;
            let order: Vec<usize> =
                if forward { (0..self.layers.len()).collect() } else { (0..self.layers.len()).rev().collect() };
            for at in order {
                let mut layer = std::mem::take(&mut self.layers[at]);
                // A thousand to one: integers are the same everywhere.
                let middle = |place: usize| {
                    let neighbours = if forward { &self.places[place].before } else { &self.places[place].after };
                    match neighbours.len() {
                        0 => rank[place] * 1000,
                        count => neighbours.iter().map(|it| rank[*it] * 1000).sum::<usize>() / count,
                    }
                };
                // What is related to nothing stands below what is related.
                layer.sort_by_key(|place| (self.places[*place].is_alone(), middle(*place)));
                number(&mut rank, &layer);
                self.layers[at] = layer;
            }
        }
    }

    /// Gives heights: as near to the neighbours' as the others in the layer allow.
    fn place(&mut self) {
        for layer in &self.layers {
            let mut height = 0;
            for at in layer {
                height += self.places[*at].room();
                self.places[*at].height = height - self.places[*at].room() / 2;
            }
        }
        for sweep in 0..SWEEPS {
            let forward = sweep % 2 == 0;
            for at in 0..self.layers.len() {
                let at = if forward { at } else { self.layers.len() - 1 - at };
                self.settle(at, forward);
            }
        }
        let top = self.places.iter().map(|it| it.height - it.room() / 2).min().unwrap_or_default();
        self.places.iter_mut().for_each(|place| place.height += MARGIN - top);
    }

    fn settle(&mut self, layer: usize, forward: bool) {
        let wanted: Vec<i64> = self.layers[layer]
            .iter()
            .map(|at| {
                let place = &self.places[*at];
                let neighbours = if forward { &place.before } else { &place.after };
                match i64::try_from(neighbours.len()) {
                    Ok(0) | Err(_) => place.height,
                    Ok(count) => neighbours.iter().map(|it| self.places[*it].height).sum::<i64>() / count,
                }
            })
            .collect();
        let mut lowest = i64::MIN;
        let mut moved = 0;
        for (at, wanted) in self.layers[layer].iter().zip(&wanted) {
            let place = &mut self.places[*at];
            let highest = lowest.saturating_add(place.room() / 2);
            let wanted = if place.is_alone() && lowest > i64::MIN { &highest } else { wanted };
            place.height = highest.max(*wanted);
            lowest = place.height + place.room() / 2;
            moved += place.height - wanted;
        }
        // Everybody was pushed down only: half of them could as well have been pushed up.
        let back = i64::try_from(wanted.len()).map_or(0, |count| moved / count.max(1));
        self.layers[layer].iter().for_each(|at| self.places[*at].height -= back);
    }

    fn draw(&self, view: &View, edges: &[(usize, usize, &ViewEdge)]) -> String {
        let width_of = |at: &usize| self.places[*at].width();
        let widths: Vec<i64> =
            self.layers.iter().map(|layer| layer.iter().map(width_of).max().unwrap_or_default()).collect();
        let mut lefts = Vec::new();
        let mut right = MARGIN;
        for width in &widths {
            lefts.push(right);
            right += width + LAYER_GAP;
        }
        let width = (right - LAYER_GAP + MARGIN).max(2 * MARGIN);
        let height = self.places.iter().map(|it| it.height + it.room() / 2).max().unwrap_or(MARGIN) + MARGIN;
        let mut text = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="monospace" font-size="12">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>
"##
        );
        for (way, (from, to, edge)) in self.ways.iter().zip(edges) {
            let mut path = String::new();
            for (at, pair) in way.windows(2).enumerate() {
                let (a, b) = (&self.places[pair[0]], &self.places[pair[1]]);
                let (x, y) = (lefts[a.layer] + if at == 0 { a.width() } else { widths[a.layer] }, a.height);
                let (end, target) = (lefts[b.layer], b.height);
                if at == 0 {
                    _ = write!(path, "M{x},{y}");
                } else {
                    // Straight through the layer that it passes.
                    _ = write!(path, " L{x},{y}");
                }
                let middle = (end - x) / 2;
                _ = write!(path, " C{},{y} {},{target} {end},{target}", x + middle, end - middle);
            }
            let (style, how) = match (edge.notify, edge.automatic) {
                (true, _) => (r#" stroke-width="2.5""#, " (notifies)"),
                (false, true) => (r#" stroke-dasharray="5,4""#, " (automatic)"),
                (false, false) => ("", ""),
            };
            let names = [*from, *to].map(|at| escaped(self.places[at].text.as_deref().unwrap_or_default()));
            _ = writeln!(
                text,
                r##"<path d="{path}" fill="none" stroke="#555"{style} marker-end="url(#arrow)"><title>{} → {}{how}</title></path>"##,
                names[0], names[1]
            );
        }
        for place in self.places.iter().take(view.vertices.len()) {
            let (x, y, width) = (lefts[place.layer], place.height - HEIGHT / 2, place.width());
            let name = place.text.as_deref().unwrap_or_default();
            _ = writeln!(
                text,
                r##"<g><title>{}</title><rect x="{x}" y="{y}" width="{width}" height="{HEIGHT}" rx="4" fill="#eef3fa" stroke="#456"/><text x="{}" y="{}">{}</text></g>"##,
                escaped(name),
                x + PADDING,
                y + HEIGHT / 2 + 4,
                escaped(&cut(name, LONGEST)),
            );
        }
        text.push_str("</svg>\n");
        text
    }
}

impl Place {
    /// How much of the height it takes, with the gap.
    fn room(&self) -> i64 {
        if self.text.is_some() { HEIGHT + ROW_GAP } else { THIN }
    }

    fn is_alone(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    fn width(&self) -> i64 {
        let Some(text) = &self.text else { return 0 };
        i64::try_from(text.width().min(LONGEST)).unwrap_or_default() * CHARACTER / 10 + 2 * PADDING
    }
}

/// The layer of each vertex: one after the last of what comes before it. The graph has no circles.
fn layers(vertices: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut after = vec![Vec::new(); vertices];
    let mut open = vec![0; vertices];
    for (from, to) in edges {
        after[*from].push(*to);
        open[*to] += 1;
    }
    let mut layer = vec![0; vertices];
    let mut ready: Vec<usize> = (0..vertices).filter(|at| open[*at] == 0).collect();
    while let Some(at) = ready.pop() {
        for next in &after[at] {
            layer[*next] = layer[*next].max(layer[at] + 1);
            open[*next] -= 1;
            if open[*next] == 0 {
                ready.push(*next);
            }
        }
    }
    layer
}

/// A text within XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vertex_is_in_the_layer_after_the_last_one_before_it() {
        assert_eq!(layers(5, &[(0, 1), (1, 2), (0, 2), (3, 2)]), [0, 1, 2, 0, 0]);
        assert!(layers(0, &[]).is_empty());
    }
}
