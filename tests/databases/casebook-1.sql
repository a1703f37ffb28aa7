-- Casebook, version 1 as its last program left it: a made-up school.
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE user (
  user TEXT PRIMARY KEY,           -- the login name; a mentor's is its staff_id
  name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'sv', created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO user VALUES('berg','Bo Berg','teacher','$argon2id$v=19$m=65536,t=2,p=1$f8CQ6GsG4irD6TheQwFbpA$lOEb3yByRuZgkLYQFm7vnPXu7eylHfrFDDaXx3HcaLE','sv',1795176002761);
INSERT INTO user VALUES('dana','Dana Ombud','dpo','$argon2id$v=19$m=65536,t=2,p=1$SLza0q8f0Dok+WJyCU6IUw$IGUHeeHJ5QIpaiLd4WaQpd3gC2BhjGdbpkymWgM4cLA','sv',1795176003677);
INSERT INTO user VALUES('eva','Eva Kurator','eht','$argon2id$v=19$m=65536,t=2,p=1$0fFt8KJ0UvbbXSJOhHrfSA$dvrEOrn14vT5q8ktz8nlUrZ42nSzxE/FVfkmYqcA/+s','sv',1795176001759);
INSERT INTO user VALUES('ivar','Ivar IT','it','$argon2id$v=19$m=65536,t=2,p=1$zCdhAOLN0vsQQgsxAiwtzg$giqlzcmkcTg5zuOt/znKr2cefZXtNSnouR0rhWyLfqI','sv',1795176003215);
INSERT INTO user VALUES('kim','Kim Rektor','rektor','$argon2id$v=19$m=65536,t=2,p=1$n9r92Sl1jaRHjCz+V9IuOw$s7B7zF4MqCNH3iM4GvKjmJj+QKARiTaNQQ5dKZCjXvs','sv',1795176001115);
INSERT INTO user VALUES('lind','Jo Lind','mentor','$argon2id$v=19$m=65536,t=2,p=1$2r9iJKxeYBfUCCEk9Oqclw$xNMfOJkbKfIT77ok2dQywykrDIF2ZUQpfw2VNxrmDWI','sv',1795176002383);
INSERT INTO user VALUES('nils','Nils Kurator','eht','$argon2id$v=19$m=65536,t=2,p=1$tvcDo6y08kGx1+G2neF+nw$KKHUKUGUaLbLju+8MqiZluM7CMR2fLaGJaueWhy3Ncc','sv',1795176002039);
INSERT INTO user VALUES('vera','Vera Rektor','rektor','$argon2id$v=19$m=65536,t=2,p=1$sjbVIzz8+JA5pK6tpXAQDg$Blug9niu0u3jiUli3PL2Cv5DSsi+2SPFxyc66yEzFgo','sv',1795176001412);
CREATE TABLE named_user (
  user TEXT NOT NULL REFERENCES user ON DELETE CASCADE, pupil_id TEXT NOT NULL,
  PRIMARY KEY (user, pupil_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  hash BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
  began_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'045d243fd1ab1fe50d82351fb9b51640768bae45827dbabc9ba6a142550ec11b','nils',1796039917644,1796039917644);
INSERT INTO session VALUES(X'0f5a3971793ed320259202c84f70a36cbaacf06040be537df0cb3818b3f1c392','berg',1796039922009,1796039922009);
INSERT INTO session VALUES(X'10b055f48d335ebb13fe9389e63a3493307b06819cd3a46a9e5d27e1790a67cf','ivar',1796039915565,1796039915565);
INSERT INTO session VALUES(X'132bdad6bf002e88c367aa0aae6527b40eb18ab2a545e063ea7c6bf8a0072eae','nils',1796039921530,1796039921530);
INSERT INTO session VALUES(X'15da25a6acf8f899406eaa1c457af3f83cffab1db05363849d4192ed862847fd','dana',1796039918907,1796039918907);
INSERT INTO session VALUES(X'1646ac27019f10fbf137b3a0917ba786dd835a4b873320c6ec2bdbd6a5977f7f','kim',1796039913437,1796039913437);
INSERT INTO session VALUES(X'21801ed50b85a95c7a0c323426f7d7a7b213410f8995415324662c0dbffbec3d','eva',1796039914212,1796039914212);
INSERT INTO session VALUES(X'21b803cf62f1d1cde65cd4649f4b895ffdb245d93c106357d6a33859ba65b9a0','dana',1796039924704,1796039924704);
INSERT INTO session VALUES(X'243b284db925858e85a86714909425841cc1d151d7cbdca8c9b5b93a9bd8c4c4','berg',1796039918255,1796039918255);
INSERT INTO session VALUES(X'31887615005a09e581596637f439c7be9c4edacd27e37d0174f3065ccc6917f7','kim',1796039924249,1796039924249);
INSERT INTO session VALUES(X'3878118354349786b1f4979c121131a27c9e570a66e2276e2a97981df45e87f7','vera',1796039913828,1796039913828);
INSERT INTO session VALUES(X'3a25dc401c6716d2a906e5dbd3e3fec1bf35b8ebc72ded29303979e4b592cd8e','ivar',1796039918478,1796039918478);
INSERT INTO session VALUES(X'3b0e2898f54f2facef4c69547eb3223ecb50cbe7c4782c6455b4111807240f04','kim',1796039908670,1796039908670);
INSERT INTO session VALUES(X'3cc8369fb0efbb22ffa36e9f2c8d9475ce59a665b48c60a38f180a5a9d7078b6','vera',1796039917152,1796039917152);
INSERT INTO session VALUES(X'4433dac33271ba950eec36250e30d61d224529dcfd12ecd88a993abccf13bfdf','vera',1796039909840,1796039909840);
INSERT INTO session VALUES(X'4538b2af6098a27c09408d6a400c6b1db02d4163127975399caff6d13a0937a4','dana',1796039911713,1796039911713);
INSERT INTO session VALUES(X'592f6cd044a9a403479f2f69a1855d662231b09f935267836c806647621c1728','eva',1796039921061,1796039921061);
INSERT INTO session VALUES(X'6b382aea10b9535338de11baff2db32e60e9185b9639f8e7dfc2ea809fbc3963','nils',1796039910564,1796039910564);
INSERT INTO session VALUES(X'811e06a3b7ad8e5c7ce9a7602509225071851e5c18bb0c16df35974663dc6193','ivar',1796039922356,1796039922356);
INSERT INTO session VALUES(X'8227a702ad185332220a24d990b871374a4a1a84decba75941563c0a2a4b1bb4','berg',1796039915280,1796039915280);
INSERT INTO session VALUES(X'83d3b879e4ba28e40804e3eaa0554add1d41f9248ac0418c52a09756af0e5206','kim',1796039916831,1796039916831);
INSERT INTO session VALUES(X'9771b90a64d7f7aef201dfe0235fc85d45dbc5bbd96289f29f8fcff9ba3d782c','kim',1796039920272,1796039920272);
INSERT INTO session VALUES(X'a8df04d5faef0e46ab5f20665737a149c1b13e02fd3d8350c501ea1bc921dd67','lind',1796039910828,1796039910828);
INSERT INTO session VALUES(X'b75dc4076af3c787c0a1483a435094220a0b98603cf07bc494ce246b02a842a4','lind',1796039914889,1796039914889);
INSERT INTO session VALUES(X'b83c2a04ab20d245a8517cce713e130d9c5b5e14064007d505a4343781d5ea0b','berg',1796039911151,1796039911151);
INSERT INTO session VALUES(X'c1ce69113bf3dfab08f0e6c6a411a0f4e9beae4766e1b67b8a833c926bceba6b','nils',1796039914547,1796039914547);
INSERT INTO session VALUES(X'c467a415e13cdebd8e612f18d7d11437068e1f36af98060d7d217c06c97a1ba5','eva',1796039917413,1796039917413);
INSERT INTO session VALUES(X'c85f58b80ddb3a5921b666d563c671067f507a1136dd9bf0b0c09f8f8a1022c8','dana',1796039925032,1796039925032);
INSERT INTO session VALUES(X'ca6de0e05927eb74a74681a8def004483d709612c59b91c9fcf8ad5ef9ae40ad','ivar',1796039911413,1796039911413);
INSERT INTO session VALUES(X'cea72b4f1211c56f18818373b27e1d35a8d2ebcf817d8d5f8d0ed77db6d1df0f','dana',1796039922684,1796039922684);
INSERT INTO session VALUES(X'dab1b954cc78dd68eec4adf26f55189cf4d4f12abbc325fd2f6357f4fc6d9a6f','lind',1796039921757,1796039921757);
INSERT INTO session VALUES(X'dc9669975fd72472b89d4d09bedc151cfa5a1766c7fde9a0b6a7d64f3f3e7e80','vera',1796039920633,1796039920633);
INSERT INTO session VALUES(X'df001c1d78abb84ce04c935a034d1187ef3c173ad36f4e0b1c75da17ca05e0cf','eva',1796039910276,1796039910276);
INSERT INTO session VALUES(X'e043eff01e210c1f4e178e104a3948bb7ffa447d02f0eb2a76e9efcd763ecba2','dana',1796039916012,1796039916012);
INSERT INTO session VALUES(X'f11b547585a2444faa6c3c417102fb73b6923f17c98e431bc3c6582813aaa151','lind',1796039917883,1796039917883);
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, user TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, mac BLOB NOT NULL
) STRICT;
INSERT INTO audit VALUES(37,1795176015933,'kim','login','',X'b013cbb3b391b2a05a142ab6f0e6b8f7b0eccbfe6a929e604dd01a304bc83aa8');
INSERT INTO audit VALUES(38,1795176016295,'vera','login','',X'35722aedad4616ba3e010d869209eafc636be9f0016c54786cce9d781578713b');
INSERT INTO audit VALUES(39,1795176016727,'eva','login','',X'f9bede7ff9a3811bf28d441fadb9e429d37300a3f9e02463298d977ef0237170');
INSERT INTO audit VALUES(40,1795176017196,'nils','login','',X'b023fbd610643dee5a45021c87a71a17bd501ad13b3f155b6fca4091fa9eecd1');
INSERT INTO audit VALUES(41,1795176017422,'lind','login','',X'0ddb7ca1a65e62c0426e5d692b884689136e2e283c6a8a07d6bf60f9475204ef');
INSERT INTO audit VALUES(42,1795176017674,'berg','login','',X'e825712665295bf82541619f270657164f198b8af2fc2c965d91909a15a9f72e');
INSERT INTO audit VALUES(43,1795176018019,'ivar','login','',X'44b7b80eb32fad6c0666b75fa76c0db0b0fd5db604e5b6bcd01ff785dc90ae02');
INSERT INTO audit VALUES(44,1795176018347,'dana','login','',X'23c0d1636b72501c26163899248fc914da9e4a4a1a42c0770ba7c3926d7c46ae');
INSERT INTO audit VALUES(45,1795176018359,'eva','view_pupil','p-here',X'c1641ef281b314beac74bf06eab4a16289aa319dbec47e49dbe1b0e342ba40d4');
INSERT INTO audit VALUES(46,1795176018948,'','audit_cut','36 93fa794465f74bed60a297274fe56867105d5fefce122e9f52d0fe8cfcd6ab05',X'f6a80c867ab08308dd6bd5c77cfc0e5170c067045c2cbb2e037448c94cf131a3');
INSERT INTO audit VALUES(47,1795176018948,'','retention','{"taps":0,"outcomes":0,"absences":0,"marks":0,"register":0,"flags":0,"tasks":0,"guardians":0,"pupils":0,"answers":0,"told":0,"cases":0,"log":36}',X'd90347ec4e8ff9958a016d3cbef4a9037a80fe78e75a131a40f67f46cae876f6');
INSERT INTO audit VALUES(48,1795176019899,'kim','login','',X'3c270edeec836f732babb8a23985efefaeccee94e97819484786cf056dad1fd7');
INSERT INTO audit VALUES(49,1795176019935,'kim','view_pupil','p-here',X'116d63cb811c185bbcef3d44254a407dc87f16d2b200d45d8e160636c336fefc');
INSERT INTO audit VALUES(50,1795176020367,'dana','login','',X'ed551b3d3a67195b8e4430326beff3a78fdbc14cf4e263ddd72c91c16f9751a3');
INSERT INTO audit VALUES(51,1795176020695,'dana','login','',X'148665053f93496a5bb7f09a1a8d46be598dc7b8802b59e87a99c308416492c3');
INSERT INTO audit VALUES(52,1795176020893,'','retention','{"taps":0,"outcomes":0,"absences":0,"marks":0,"register":0,"flags":0,"tasks":0,"guardians":0,"pupils":0,"answers":0,"told":1,"cases":0,"log":0}',X'29c0b7f236c586db3e0397e36c6d394df2b3366a13e95455c159f6791da914ff');
CREATE TABLE support_case (
  number INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'open',  -- open, closed, undone
  owner TEXT NOT NULL, opened_by TEXT NOT NULL, next_day INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL, opened_day INTEGER NOT NULL,
  year INTEGER NOT NULL, serial INTEGER NOT NULL,  -- 2026-031: what people call it
  UNIQUE (year, serial)
) STRICT;
INSERT INTO support_case VALUES(2,'p-case','open','eva','eva',19268,1664755200000,19268,2022,2);
INSERT INTO support_case VALUES(3,'p-here','closed','eva','eva',19268,1664755200000,19268,2022,3);
CREATE TABLE answer (
  answer INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, user TEXT NOT NULL,
  kind TEXT NOT NULL, reason TEXT NOT NULL,         -- confirm, snooze, dismiss; a choice, never free text
  severity INTEGER NOT NULL,                        -- the item's, then
  day INTEGER NOT NULL, until_day INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  case_number INTEGER REFERENCES support_case,      -- of a confirmation
  owner_before TEXT, next_day_before INTEGER,       -- of a case that was open already, for undo
  undone_ms INTEGER
) STRICT;
INSERT INTO answer VALUES(3,'p-case','eva','confirm','',2,19268,19278,1664755200000,2,NULL,NULL,NULL);
INSERT INTO answer VALUES(4,'p-case','eva','dismiss','other',2,19268,19278,1664755200000,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES(5,'p-here','eva','confirm','',2,19268,19278,1664755200000,3,NULL,NULL,NULL);
INSERT INTO answer VALUES(6,'p-here','eva','dismiss','other',2,20772,20782,1794700800000,NULL,NULL,NULL,NULL);
CREATE TABLE answer_rule (            -- the rules that an answer saw
  answer INTEGER NOT NULL REFERENCES answer, rule TEXT NOT NULL, PRIMARY KEY (answer, rule)
) STRICT, WITHOUT ROWID;
INSERT INTO answer_rule VALUES(3,'partial-3');
INSERT INTO answer_rule VALUES(4,'partial-3');
INSERT INTO answer_rule VALUES(5,'partial-3');
INSERT INTO answer_rule VALUES(6,'partial-3');
CREATE TABLE task_answer (
  task INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL, guardian INTEGER,
  lessons INTEGER NOT NULL, recorded_ms INTEGER NOT NULL
) STRICT;
INSERT INTO task_answer VALUES(2,'p-case','eva',1664755200000,NULL,1,1664755200000);
CREATE TABLE totp (
  user TEXT PRIMARY KEY REFERENCES user ON DELETE CASCADE,
  secret BLOB, last_step INTEGER NOT NULL DEFAULT 0,   -- each code is good once
  offered BLOB, offered_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE disabled_user (
  user TEXT PRIMARY KEY REFERENCES user ON DELETE CASCADE, since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE review (
  month INTEGER NOT NULL,                      -- year * 12 + month - 1
  sequence INTEGER NOT NULL REFERENCES audit, verdict TEXT,  -- NULL = not judged yet; ok, question
  user TEXT, at_ms INTEGER,
  PRIMARY KEY (month, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_end (
  number INTEGER PRIMARY KEY REFERENCES support_case, outcome TEXT NOT NULL, user TEXT NOT NULL,
  day INTEGER NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO case_end VALUES(3,'moved','eva',20332,1756684800000);
CREATE TABLE retention_run (
  run INTEGER PRIMARY KEY, began_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  began_by TEXT NOT NULL,                      -- night, command
  erased TEXT NOT NULL,                        -- JSON: rows by kind
  complete INTEGER NOT NULL,                   -- 0 = the daemon gave up on the way: it is tried again
  signed_by TEXT, signed_ms INTEGER            -- the data protection officer has seen it
) STRICT;
INSERT INTO retention_run VALUES(1,1795089607958,1795176007979,'command','{"taps":0,"outcomes":0,"absences":2,"marks":0,"register":0,"flags":0,"tasks":0,"guardians":0,"pupils":1,"answers":2,"told":1,"cases":1,"log":0}',1,'dana',1795176011729);
INSERT INTO retention_run VALUES(2,1795176018917,1795176018948,'night','{"taps":0,"outcomes":0,"absences":0,"marks":0,"register":0,"flags":0,"tasks":0,"guardians":0,"pupils":0,"answers":0,"told":0,"cases":0,"log":36}',1,NULL,NULL);
INSERT INTO retention_run VALUES(3,1795176020893,1795176020893,'command','{"taps":0,"outcomes":0,"absences":0,"marks":0,"register":0,"flags":0,"tasks":0,"guardians":0,"pupils":0,"answers":0,"told":1,"cases":0,"log":0}',1,NULL,NULL);
CREATE UNIQUE INDEX support_case_open ON support_case (pupil_id) WHERE status = 'open';
CREATE INDEX answer_by_pupil ON answer (pupil_id, answer);
COMMIT;
