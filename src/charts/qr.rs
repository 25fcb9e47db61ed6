//! A QR code, drawn here: nobody else learns what is in it.

use crate::error::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// The light rim that readers need, in modules.
const RIM: usize = 4;

/// A square of `size` by `size` modules, and the path of its dark ones.
pub struct Qr {
    pub size: usize,
    pub d: String,
}

/// A text as a QR code that still reads with 15 % of it covered.
pub fn code(text: &str) -> Result<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let width = code.width();
    let colors = code.to_colors();
    let mut d = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                d.push_str(&format!("M{} {}h{length}v1h-{length}z", x + RIM, y + RIM));
            }
            x += run.len();
        }
    }
    Ok(Qr {
        size: width + 2 * RIM,
        d,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_with_its_three_corners() {
        let qr = code("otpauth://totp/Nord:ana%40example.com?secret=ABC").expect("a code");
        let modules = qr.size - 2 * RIM;
        assert_eq!((modules - 17) % 4, 0);
        // The upper edge of each corner is seven dark modules.
        let left = format!("M{RIM} {RIM}h7v1h-7z");
        let right = format!("M{} {RIM}h7v1h-7z", RIM + modules - 7);
        let below = format!("M{RIM} {}h7v1h-7z", RIM + modules - 1);
        for corner in [left, right, below] {
            assert!(qr.d.contains(&corner), "{corner} is not in {}", qr.d);
        }
    }
}
