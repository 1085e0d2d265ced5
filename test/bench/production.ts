// React renders several times faster without its development checks; it reads this when it is first imported.
process.env['NODE_ENV'] ??= 'production';
