-- Casebook, version 1 as the first program with cases left it: a made-up school.
PRAGMA user_version=1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE user (
  user TEXT PRIMARY KEY,           -- the login name; a mentor's is its staff_id
  name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'sv', created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO user VALUES('berg','Bo Berg','teacher','$argon2id$v=19$m=65536,t=2,p=1$KGCroXQ3AH5/QRb+teJAzQ$DWY9gXfu+xpb5jG6EayBhfvox5sxrPtuFe6k9/ss0sk','sv',1795176003238);
INSERT INTO user VALUES('dana','Dana Ombud','dpo','$argon2id$v=19$m=65536,t=2,p=1$Bi+ZyCfeKkY9JXdGwYPHyw$CvtkiXf2qutv5WRRopGwM0eT4yvjCFOnQ94pLJ96R6A','sv',1795176003897);
INSERT INTO user VALUES('eva','Eva Kurator','eht','$argon2id$v=19$m=65536,t=2,p=1$xkO/ea3P97a3vrORuWM8AA$3oWylwilbOKP48+G+qWcXdcqHFPGm7N+6pfI1VuOlng','sv',1795176002186);
INSERT INTO user VALUES('ivar','Ivar IT','it','$argon2id$v=19$m=65536,t=2,p=1$WnO/EyO3SXqUNqzSeirvsQ$RjCuMaw64wsCXzRR8xX21DhcYslGtamf/Mr6BKNfMEY','sv',1795176003570);
INSERT INTO user VALUES('kim','Kim Rektor','rektor','$argon2id$v=19$m=65536,t=2,p=1$eHZFwfQZGxAvFWix1nGemw$hMrXNayZDjpdLH1D58oOd4ifXmT2JcgbLqfTG1+5pBQ','sv',1795176001386);
INSERT INTO user VALUES('lind','Jo Lind','mentor','$argon2id$v=19$m=65536,t=2,p=1$kCCmC9OEJ5I2bsrlOroo0g$lfoJpoTCuYXI1wym/deBw4O4q4k+itK+faOhbOsjSK0','sv',1795176002898);
INSERT INTO user VALUES('nils','Nils Kurator','eht','$argon2id$v=19$m=65536,t=2,p=1$OF8moxa8F/S6fFNtli2sng$jkflyN9vXbW8V/fc2fZyR5CxY9fPjAr+n79Ef4P0eGo','sv',1795176002544);
INSERT INTO user VALUES('vera','Vera Rektor','rektor','$argon2id$v=19$m=65536,t=2,p=1$stweTACmo38wk+NVjcipaQ$SfxVYGnz8HoN8FtWUJx2spuhK2pmEteETl26sRO8W8s','sv',1795176001758);
CREATE TABLE named_user (
  user TEXT NOT NULL REFERENCES user ON DELETE CASCADE, pupil_id TEXT NOT NULL,
  PRIMARY KEY (user, pupil_id)
) STRICT, WITHOUT ROWID;
INSERT INTO named_user VALUES('kim','p-hidden');
INSERT INTO named_user VALUES('nils','p-hidden');
CREATE TABLE session (
  hash BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES user ON DELETE CASCADE,
  began_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES(X'18ee7942deb7e83230e142bc1beb9047b3e36c3adf6adee47f1316ddfba0f81a','berg',1796039933047,1796039933047);
INSERT INTO session VALUES(X'1e3f31c8af9b9de6a510ca27fae540f5db3685e809bf6890b98de2f7054ddcdd','ivar',1796039933368,1796039933368);
INSERT INTO session VALUES(X'43853dc9934343ad2c8ab13c20977057532a1d18a51ce2dc552d08f73abfd57f','dana',1796039933671,1796039933671);
INSERT INTO session VALUES(X'5d4236268b251797178f96afcc034c0ed4e32457893aae0d010f416914209ec0','nils',1796039932333,1796039932333);
INSERT INTO session VALUES(X'6a01acbab8cf2100550a29e7e54af7fe23f5598a57f8d39122d7ff7182866b97','eva',1796039931993,1796039931993);
INSERT INTO session VALUES(X'9dea781651152b506f125408eacc2c41286b066c40853044bfe6a74b5ba94cf9','vera',1796039931673,1796039931673);
INSERT INTO session VALUES(X'a6253045fb7f7b0ed5c7663462114d771e6ca3ba3000545255db1cba4dc37f10','kim',1796039930828,1796039930828);
INSERT INTO session VALUES(X'd24b2aa6c18012ccd4c5cbc4d50eed9bbb998a1883a531b90de45cde79ce0ed3','lind',1796039932671,1796039932671);
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, user TEXT NOT NULL, action TEXT NOT NULL,
  object TEXT NOT NULL, mac BLOB NOT NULL
) STRICT;
INSERT INTO audit VALUES(1,1795176001386,'','user_added','kim',X'1ab54da005c85827008f0297d2d5a0a5302628dd845aed382d5636f4b03991de');
INSERT INTO audit VALUES(2,1795176001758,'','user_added','vera',X'c78002417dedd7141c14955de137ff27fd79a8925202db77698436a5aff785e2');
INSERT INTO audit VALUES(3,1795176002186,'','user_added','eva',X'17f16af3968b5776bd407bc4e337a7321459d847e719527c69fca7c84455b79e');
INSERT INTO audit VALUES(4,1795176002544,'','user_added','nils',X'5b54ee82a5f38e47fe3879ac8e524a915514ef303a68251ad2e0700f8e9cd71a');
INSERT INTO audit VALUES(5,1795176002898,'','user_added','lind',X'8ac7b5ed38dcf5bd4de95dafa665f9595e54cbc2c6592aea689de814862cd438');
INSERT INTO audit VALUES(6,1795176003238,'','user_added','berg',X'931055e8b7d3b051b5ed82e0c9e9ff5598c4f42926b0ea9dd3e528400e1c71d2');
INSERT INTO audit VALUES(7,1795176003570,'','user_added','ivar',X'5fda2a73ed31114dd6f3f63b3807f790fd162ac12755dec26e0f2d33607c8ab6');
INSERT INTO audit VALUES(8,1795176003897,'','user_added','dana',X'e64f35e20cb2482fa64ee45a900ca6f12354a4b617b89cedd53282e4ae7cf1b4');
INSERT INTO audit VALUES(9,1795176004484,'kim','login','',X'759a8f34d20a5aae2b21d57c9381e4a425740226d6d5984327a9e91ae535167d');
INSERT INTO audit VALUES(10,1795176005319,'vera','login','',X'13ed93e826cb20fa02009d46d5eeb0baa944ad4c5c2b601d67f2b812a06a1a0d');
INSERT INTO audit VALUES(11,1795176005653,'eva','login','',X'bab487f42d1db8d4003e90048670ec0a549895eeecc02f005f5b5d512bdb4f29');
INSERT INTO audit VALUES(12,1795176005986,'nils','login','',X'992ca4c5242154d3e16a86ab0d3aa9bb7adbc42ad75fe95f6a60acdbb37000ea');
INSERT INTO audit VALUES(13,1795176006328,'lind','login','',X'486a3422450098571a26df80ccf10a8e53fc866cf8900a7e05de513893d8b2ea');
INSERT INTO audit VALUES(14,1795176006703,'berg','login','',X'168b08cd271b2c0287bee26ae49b5df35a2128344139855d2ae6d7f63656ae86');
INSERT INTO audit VALUES(15,1795176007027,'ivar','login','',X'36fb6eec1d0526fe8c7be3218bc8df9fae9913bf6f05423379a4168931a67c66');
INSERT INTO audit VALUES(16,1795176007327,'dana','login','',X'f81963674d91eb4d2eca24d651729e884b7885e36d075029aa35406aa527801a');
INSERT INTO audit VALUES(17,1795176007415,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'26b7d5e3f4f78e936f14f594826cb95e07e3abf165806978cb2730e4a65f3738');
INSERT INTO audit VALUES(18,1795176007446,'eva','confirm','p-alva',X'38b9acd3c47e48eb9d11e7765bdae673bc5070f9106b10ff436498fa84b30aa8');
INSERT INTO audit VALUES(19,1795176007461,'eva','list_flags','["p-odd","p-quiet","p-odd","p-omar"]',X'fbbb69242ebede99ac23cb6a2cef618e30f927e09cea8ed0875c487a78a26f78');
INSERT INTO audit VALUES(20,1795176007826,'eva','list_flags','["p-odd","p-quiet","p-odd","p-omar"]',X'64291f428093a203a182dca77298a1325178a026e50117a52067a68689fb6675');
INSERT INTO audit VALUES(21,1795176007847,'vera','list_cases','["p-alva"]',X'1fcd1e60517c22f77b092100123c95488854dd67210ce6e97873e13c8b8c38de');
INSERT INTO audit VALUES(22,1795176007926,'eva','confirm','p-alva',X'db63fa4a9f806d386dc374b760893e721ce41f6fc524c95254df60f679b78c4f');
INSERT INTO audit VALUES(23,1795176007961,'eva','list_flags','["p-alva","p-odd","p-quiet","p-odd","p-omar"]',X'ed81e1ac03ec043857f71c2dc19194bdf8d4874565ea0a7110c3ea653bfcd24c');
INSERT INTO audit VALUES(24,1795176007990,'vera','confirm','p-alva',X'8d1b010341e4bb2aba160adc46360873dd15ab653b461b485d36bcaba8cd7666');
INSERT INTO audit VALUES(25,1795176007995,'eva','list_flags','["p-odd","p-quiet","p-odd","p-omar"]',X'd5a62ba30f29a820fbdf0c47e2f1d51d42b13737a42e3b09f12928bb87e12ede');
INSERT INTO audit VALUES(26,1795176008006,'vera','undo','p-alva',X'27fcd3fbb636cc1697a110259835ac17267e0dc5f2bf9d8fa1197adc2a070642');
INSERT INTO audit VALUES(27,1795176008008,'eva','list_cases','["p-alva"]',X'2b6ca2d54d6e99c464f49d53ee3ab34aa7930218f73f76b12e008ecfffdd44dd');
INSERT INTO audit VALUES(28,1795176008049,'eva','snooze','p-odd',X'bc6ec7b9bd03072f34fa3bb580ebbca5dfe93578157dad0596b8de2f30fcbcdd');
INSERT INTO audit VALUES(29,1795176008070,'eva','list_flags','["p-alva","p-quiet","p-odd","p-omar"]',X'b80e7bf591e4374546677153bdd26546b1bca8d6d76db14ddf6ff825a34e440b');
INSERT INTO audit VALUES(30,1795176008147,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'780e30800365ec08db98277e762be27c735182499eef4d281d807c44ee714436');
INSERT INTO audit VALUES(31,1795176008176,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'4e276e775f61361835187ac050ff80af37af86132bb96f4e0fb584f5be303e9e');
INSERT INTO audit VALUES(32,1795176008222,'eva','dismiss','p-odd',X'85660c9f7a11b2ead82c5360e54273f917f920c5a5669d337fecdc4f94da28e9');
INSERT INTO audit VALUES(33,1795176008240,'eva','list_flags','["p-alva","p-quiet","p-odd","p-omar"]',X'997afb0a8b1737155ec85d5b5e15351ccbe071e91e786edee200dd85a5c6537a');
INSERT INTO audit VALUES(34,1795176008268,'eva','list_flags','["p-alva","p-odd","p-quiet","p-odd","p-omar"]',X'9b04ac15e754934a9b5207b42a5850ad67a99a20d57c7b4e0dc301f22be00f7a');
INSERT INTO audit VALUES(35,1795176008363,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'65024d04745927fa28596ae628c4f48e624744c326235839489ed3ce0b9ff502');
INSERT INTO audit VALUES(36,1795176008427,'eva','list_flags','["p-alva","p-odd","p-quiet","p-odd","p-omar"]',X'b0446004590bc176df6614ba491461de868d1560c31d3d5cce7205145bc54b13');
INSERT INTO audit VALUES(37,1795176008494,'eva','confirm','p-alva',X'115f86e98df4e4083230110400cf2907d84a3b03f406d7d9a652c2a4648274ba');
INSERT INTO audit VALUES(38,1795176008517,'eva','undo','p-alva',X'3906d3a725eb1615f4f249a6184b0342e1a4d44bd5a8e55805d0dac4259e1b60');
INSERT INTO audit VALUES(39,1795176008527,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'680c5e75b22a8e2447dc0a224f4465fc7a4b97cdf2490c0b32c2a815e3bf750f');
INSERT INTO audit VALUES(40,1795176008534,'eva','snooze','p-alva',X'88d9e63771cd9f8e94889aec795139d01ed9cbfe0b99cce259daa5d4a4af47a8');
INSERT INTO audit VALUES(41,1795176008557,'eva','undo','p-alva',X'4627d162a9622bbe45098f9b657b13585924e334b4eb07ed532f3766b8b2fb4a');
INSERT INTO audit VALUES(42,1795176008586,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'88589d2f4e0fa0205c37c06df3e798c5dde9278b4137c0e73b228cd3c280a4b7');
INSERT INTO audit VALUES(43,1795176008602,'eva','dismiss','p-alva',X'78b16266e6e5dd6ee1ea67cfa4930f3f8345b2aff9d951746663edebae45e9a1');
INSERT INTO audit VALUES(44,1795176008625,'eva','undo','p-alva',X'86f5da44b2b12f1471e5d5034184c45fec6a6d4085a19061dd352fc4a6f50455');
INSERT INTO audit VALUES(45,1795176008649,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'9ac24012409f090b4e40d661a868f273be4a9f9c1ecab9a08d4ca83665f3178f');
INSERT INTO audit VALUES(46,1795176008668,'eva','dismiss','p-alva',X'c766ed52cf8e24bf2a0a465b105caf047f38ef4a57a0aac65730ce85b85d54a3');
INSERT INTO audit VALUES(47,1795176008765,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'dc746913a5cd055de6a660639101e34eb0e467ca859407829caf769d9f2a8648');
INSERT INTO audit VALUES(48,1795176008774,'eva','dismiss','p-quiet',X'd45d6e780297ea4c40a930978812a263593100d9df1dcc3837be423b5e37836b');
INSERT INTO audit VALUES(49,1795176008791,'eva','list_flags','["p-odd","p-alva","p-odd","p-omar"]',X'd661c578912dd4ef6428508aad7e3c105b83067532b95e12048d72f5bf295eb5');
INSERT INTO audit VALUES(50,1795176008852,'eva','dismiss','p-alva',X'f35f8f60cc515542cf63a010d6b900aeddbfaec06576ad4584ae75e5d4ed774a');
INSERT INTO audit VALUES(51,1795176009110,'lind','list_flags','["p-odd"]',X'f1d679fa62331f4ac592e976c8265bdc7f016edb7d609581b0f610c9c1b5ae00');
INSERT INTO audit VALUES(52,1795176009130,'lind','list_flags','["p-odd"]',X'a08c92c9ca8929249427a3a73a0fae058ba641b6e134486ef7de0febd0391098');
INSERT INTO audit VALUES(53,1795176009144,'lind','guardian_told','p-odd 1',X'c9ab3544b1dd3a6e42b411d93f94c49adf6f2b3af24f862ab15297ec95e6ed5f');
INSERT INTO audit VALUES(54,1795176009597,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'35b29cafb0124cae4fd53b25cef6a26df3cd4e009bc7ba137ad4963f27dbf70a');
INSERT INTO audit VALUES(55,1795176009608,'eva','guardian_told','p-odd 1',X'cde031006a5e59b8bafa8d8e7b76787f4793ddba7e57d9c1f23e96616d90afb1');
INSERT INTO audit VALUES(56,1795176009671,'kim','confirm','p-alva',X'5a6c5f87a2ad14ca24ca2bf4010c544b4f76c15bf1514fe85ce8ca462dc2836f');
INSERT INTO audit VALUES(57,1795176009686,'kim','undo','p-alva',X'fa69f392f8e97ba8826dcafc8730bd77214f2a6f8852a29ac5cd3f1d77edefa4');
INSERT INTO audit VALUES(58,1795176009692,'kim','confirm','p-hidden',X'5badec027407b70aa6e802d9d18e8b13b4d0ef10b369482d30d3a52831bdfb78');
INSERT INTO audit VALUES(59,1795176009699,'kim','undo','p-hidden',X'23d0fce3becd48039fbb9b51bbee65d166e01ac322f124bad35aaf1805f14ee5');
INSERT INTO audit VALUES(60,1795176009724,'kim','snooze','p-alva',X'bcc93f58e2224555ebd2fd8332c5d6b0cd3c355ac7a12383eb4da1ab7b82625a');
INSERT INTO audit VALUES(61,1795176009749,'kim','undo','p-alva',X'23c904ed0ed1f75d290805439ff39b92e31ad4db8257f00a5a110b85084fe6a9');
INSERT INTO audit VALUES(62,1795176009771,'kim','snooze','p-hidden',X'9d2b210d60e7f89c774aed255f4639dc3f57f450f9ae92b12939cabc83fff188');
INSERT INTO audit VALUES(63,1795176009782,'kim','undo','p-hidden',X'247cefe98e3cba52266ec88364e3ea7dfe7fb5bd138ebbc7a2dfdff44f44c803');
INSERT INTO audit VALUES(64,1795176009800,'kim','dismiss','p-alva',X'13c605869b33f133d0e5d142674917534122191e4c3c2bbd73a2b09329dfb9fe');
INSERT INTO audit VALUES(65,1795176009810,'kim','undo','p-alva',X'056dc488f5f47afb4c039d2916eca12f902678569bcdf620b84a437dc89ecdf0');
INSERT INTO audit VALUES(66,1795176009825,'kim','dismiss','p-hidden',X'047cafc3981a33c7948d327c91f657e019bde7d776d82fee39c44e353705dab8');
INSERT INTO audit VALUES(67,1795176009831,'kim','undo','p-hidden',X'1afe46046fc7add2ed36731f122963b15618238fdf20cf47622aa9fa921ee605');
INSERT INTO audit VALUES(68,1795176009854,'kim','guardian_told','p-odd 1',X'ecf24216a99b19465f10fad37eed01e35dea57ca259952c8f3e353e67a944ef0');
INSERT INTO audit VALUES(69,1795176009875,'kim','guardian_told','p-hidden 3',X'b24f285d8ee62cd47108e728753bb0d2e80a79a865b733dbf67f69e186ad7648');
INSERT INTO audit VALUES(70,1795176009879,'vera','confirm','p-alva',X'c26710c19333097080385aa93a9ef673b7d0aa67c13dbba2c87b333b571900c2');
INSERT INTO audit VALUES(71,1795176009884,'vera','undo','p-alva',X'a1413721d07def16f56f8d930f391d3e97c65f8456f8ca0add8d09c7d71f3ab8');
INSERT INTO audit VALUES(72,1795176009943,'vera','snooze','p-alva',X'bf6b677bcb9f928fff1bcb8987c858723a3507a02d49ccb449d016d305b2c726');
INSERT INTO audit VALUES(73,1795176009949,'vera','undo','p-alva',X'471da2ea65cec31983dc423a53ff789ae2e5ad597c6669285ae81616daa2edc7');
INSERT INTO audit VALUES(74,1795176010059,'vera','dismiss','p-alva',X'c9eb7710b3dfd8acb571ee0b295790f30b59d43379c7b3d3386ad994f0f5ee6c');
INSERT INTO audit VALUES(75,1795176010078,'vera','undo','p-alva',X'660b5d77d4af157f36852a1f6cc05355dfdfcf70111968d653d905f5a504a02d');
INSERT INTO audit VALUES(76,1795176010118,'vera','guardian_told','p-odd 1',X'a2d272a0df653878d3bf88ad87f072b8ad692fc1b3c5bea225c59a7cf6f068b5');
INSERT INTO audit VALUES(77,1795176010142,'eva','confirm','p-alva',X'0ce9859ece4f53324dfa2e7c31efc43adb281e9f9b45a3c2a00f30c60109c11f');
INSERT INTO audit VALUES(78,1795176010160,'eva','undo','p-alva',X'b2090f2d5c697365820845c03979a6b7c10ea546dc5b1f8f1981c6b4739dfd1d');
INSERT INTO audit VALUES(79,1795176010206,'eva','snooze','p-alva',X'42fb6493686f5fe87dd6e8b591a567843a5c1e98dde8113099f06c1481546ef3');
INSERT INTO audit VALUES(80,1795176010221,'eva','undo','p-alva',X'38f643e4eeb39113f6052634c248f184d68b07d035ba5e1b10c90da749f0e632');
INSERT INTO audit VALUES(81,1795176010290,'eva','dismiss','p-alva',X'3df34ef5dc379ad91b09f56f7e03077097b788810dd932187872a7a6cc6f4b5c');
INSERT INTO audit VALUES(82,1795176010299,'eva','undo','p-alva',X'40c6886952dcfe3e046786508dfd53f1d1600a86b6c843643e500edb9db63874');
INSERT INTO audit VALUES(83,1795176010389,'eva','guardian_told','p-odd 1',X'f6415e99e7901dc1b740932c84a6fdab205c5356a1e3e3164ec84ec99ee03a21');
INSERT INTO audit VALUES(84,1795176010396,'nils','confirm','p-alva',X'a4c262b6d16fe3dd40ab4f4c04cfda3c0ecab5946f286aa63eab795f53216888');
INSERT INTO audit VALUES(85,1795176010403,'nils','undo','p-alva',X'69d18554d55d90543aaef8bc61d758c579de31171e7d82732e5e58bf743d4139');
INSERT INTO audit VALUES(86,1795176010428,'nils','confirm','p-hidden',X'4e5f0ffd492765fb2dc470e7ed285a42ce2ce5780e66fa5a5fa8158cbf8bee61');
INSERT INTO audit VALUES(87,1795176010440,'nils','undo','p-hidden',X'e395b6ff9c499acc8c9ee7e66c19f2d43d78e3304aafbf4c5f3e88afe4508b32');
INSERT INTO audit VALUES(88,1795176010449,'nils','snooze','p-alva',X'44dceb2c05ceb3b1ca88b939ac3c10be92413414d8fd04db1811c9d046286345');
INSERT INTO audit VALUES(89,1795176010458,'nils','undo','p-alva',X'95638dc9a3738369cf90121509f204e807196c14bd24816a2ed1dc3e947abda4');
INSERT INTO audit VALUES(90,1795176010480,'nils','snooze','p-hidden',X'3293c921afae458cbc358c8dc9a9ae63e16b714e39d8efe83a2a1a41776aee1c');
INSERT INTO audit VALUES(91,1795176010501,'nils','undo','p-hidden',X'1aea84c97061193a42339a93ac93659534cb0bd789efce090674d3d498e309dc');
INSERT INTO audit VALUES(92,1795176010523,'nils','dismiss','p-alva',X'355d5b14ba4851e9dfe74c8e5035986c6437d3b1d4c24f556bd7fdd15a29aab2');
INSERT INTO audit VALUES(93,1795176010536,'nils','undo','p-alva',X'691f2841b148f8a7a6a09bc157ad8b101056bbe31aaa67ca33e5c3f849140560');
INSERT INTO audit VALUES(94,1795176010550,'nils','dismiss','p-hidden',X'139eac1b8e53e5eba2703d594b618aeb703db4fcb65ea84561a3bb1c35006176');
INSERT INTO audit VALUES(95,1795176010570,'nils','undo','p-hidden',X'3771a5479a2d3f03905d785f539c5bf36c13cae8d7a87aa3f43fafd9e3602cbd');
INSERT INTO audit VALUES(96,1795176010576,'nils','guardian_told','p-odd 1',X'8d55c5048c2b000577b9c6c98cea1e00c2f7210e3e759c51d6a23e66b8aaf935');
INSERT INTO audit VALUES(97,1795176010579,'nils','guardian_told','p-hidden 3',X'd5750011abb3bb7328ae071a1ee155905464e6126ffdcee71af3e8274ffd9ae8');
INSERT INTO audit VALUES(98,1795176010621,'lind','guardian_told','p-odd 1',X'c88fe36a7fae76b14bcecd86bfd5b1c2deeb7f0cfa8fc53d3020ef3b5e09e7ae');
INSERT INTO audit VALUES(99,1795176011029,'nils','confirm','p-hidden',X'ef5b8a5212d03d459ac82d34c788e6000d40fb4cda54843c32c36020bbad73d3');
INSERT INTO audit VALUES(100,1795176011040,'kim','list_cases','["p-hidden"]',X'1a61c37f387697c336e0349355f2151bcc6054f6f26683136fc5ef5928724da8');
INSERT INTO audit VALUES(101,1795176011130,'nils','list_flags','["p-hidden","p-odd","p-alva","p-quiet","p-odd","p-omar","p-hidden"]',X'b6f7421f4594d9be72c2dc1a49ecd644a5927cb6d108ca6dd1305772414fcfdf');
INSERT INTO audit VALUES(102,1795176011169,'eva','list_flags','["p-odd","p-alva","p-quiet","p-odd","p-omar"]',X'290157fb4594f55c4215cd5bafcf053e4bfc8bac0df128d0340e323bbb5dea09');
INSERT INTO audit VALUES(103,1795176011180,'lind','list_flags','["p-odd"]',X'fad843462d54773d3861bde2b3b3afc4e19f1149ff05c047ffba93bdbae596c5');
CREATE TABLE support_case (
  number INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'open',  -- open, undone
  owner TEXT NOT NULL, opened_by TEXT NOT NULL, next_day INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL, opened_day INTEGER NOT NULL,
  year INTEGER NOT NULL, serial INTEGER NOT NULL,  -- 2026-031: what people call it
  UNIQUE (year, serial)
) STRICT;
INSERT INTO support_case VALUES(1,'p-hidden','open','nils','nils',20777,1795176011029,20777,2026,1);
CREATE TABLE answer (
  answer INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, user TEXT NOT NULL,
  kind TEXT NOT NULL, reason TEXT NOT NULL,         -- confirm, snooze, dismiss; a choice, never free text
  severity INTEGER NOT NULL,                        -- the item's, then
  day INTEGER NOT NULL, until_day INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  case_number INTEGER REFERENCES support_case,      -- of a confirmation
  owner_before TEXT, next_day_before INTEGER,       -- of a case that was open already, for undo
  undone_ms INTEGER
) STRICT;
INSERT INTO answer VALUES(1,'p-hidden','nils','confirm','',3,20777,0,1795176011029,1,NULL,NULL,NULL);
CREATE TABLE answer_rule (            -- the rules that an answer saw
  answer INTEGER NOT NULL REFERENCES answer, rule TEXT NOT NULL, PRIMARY KEY (answer, rule)
) STRICT, WITHOUT ROWID;
INSERT INTO answer_rule VALUES(1,'absence-15');
CREATE TABLE task_answer (
  task INTEGER PRIMARY KEY, pupil_id TEXT NOT NULL, user TEXT NOT NULL, at_ms INTEGER NOT NULL, guardian INTEGER,
  lessons INTEGER NOT NULL, recorded_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX support_case_open ON support_case (pupil_id) WHERE status = 'open';
CREATE INDEX answer_by_pupil ON answer (pupil_id, answer);
COMMIT;
