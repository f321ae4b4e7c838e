var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddHealthChecks().AddShutdownCheck();

var app = builder.Build();
app.MapHealthChecks("/health/ready");
app.MapHealthChecks("/health/live");
app.Run();
