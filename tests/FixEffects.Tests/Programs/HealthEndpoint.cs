var builder = WebApplication.CreateBuilder(args);
builder.AddGracefulShutdown();
builder.Services.AddHealthChecks();

var app = builder.Build();
app.MapHealthChecks("/health");
app.Run();
