//! The picture in the README is what the program prints.

mod svg;
